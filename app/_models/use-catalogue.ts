"use client";

import { useCallback, useEffect, useRef, useState } from "react";

import type { CatalogueBody, ModelUseBody } from "@/lib/wire";

import { adminToken, keepAdminToken } from "../_analytics/admin-token";
import { asRefusal, askServer } from "../_analytics/ask-server";
import { isUnderWay } from "./words";

const WATCH_EVERY_MS = 700;

type Role = ModelUseBody["roles"][number];

export interface UsedCatalogue {
  /** Null until it was read once. */
  catalogue: CatalogueBody | null;
  /** The change under way, or how it ended. */
  use: ModelUseBody | null;
  /** Why the last call did not do what it was to. */
  problem: string | null;
  /** A token was given, and it was not the one. */
  wasTokenWrong: boolean;
  choose: (id: string, role: Role | undefined) => void;
  cancel: () => void;
  giveToken: (token: string) => void;
}

/**
 * The models to choose from, and the change from one to another.
 *
 * @param onChanged another model answers now
 */
export function useCatalogue(onChanged: () => void): UsedCatalogue {
  const [catalogue, setCatalogue] = useState<CatalogueBody | null>(null);
  const [use, setUse] = useState<ModelUseBody | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [wasTokenWrong, setTokenWrong] = useState(false);

  const read = useCallback(async (): Promise<CatalogueBody | null> => {
    try {
      const body = await askServer<CatalogueBody>("/api/models/catalogue", { token: adminToken() });
      setCatalogue(body);
      setProblem(null);
      return body;
    } catch (thrown) {
      setProblem(asRefusal(thrown).message);
      return null;
    }
  }, []);

  useEffect(() => {
    // What ended well before this page looked is no news, and what did not is no visitor's.
    void read().then((body) => {
      const before = body?.use ?? null;
      const isNews = isUnderWay(before) || (before?.phase === "failed" && body?.may_use === "yes");
      if (before !== null && isNews) setUse(before);
    });
  }, [read]);

  const isWatched = isUnderWay(use);
  useEffect(() => {
    if (!isWatched) return;
    const look = () => {
      askServer<{ use: ModelUseBody | null }>("/api/models/use", { token: adminToken() }).then(
        (body) => {
          setProblem(null);
          setUse(body.use);
        },
        (thrown: unknown) => setProblem(asRefusal(thrown).message),
      );
    };
    const timer = setInterval(look, WATCH_EVERY_MS);
    return () => clearInterval(timer);
  }, [isWatched]);

  // Once for each end: the list says another thing then.
  const wasWatched = useRef(false);
  const isDone = use?.phase === "done";
  useEffect(() => {
    if (wasWatched.current && !isWatched) void read();
    if (wasWatched.current && !isWatched && isDone) onChanged();
    wasWatched.current = isWatched;
  }, [isWatched, isDone, read, onChanged]);

  const choose = (id: string, role: Role | undefined): void => {
    const body = { id, ...(role !== undefined && { role }) };
    askServer<{ use: ModelUseBody }>("/api/models/use", { body, token: adminToken() }).then(
      (answer) => {
        setProblem(null);
        setUse(answer.use);
      },
      (thrown: unknown) => setProblem(asRefusal(thrown).message),
    );
  };
  const cancel = (): void => {
    const token = adminToken();
    const headers = token === null ? {} : { authorization: `Bearer ${token}` };
    // How it ended is heard by watching.
    fetch("/api/models/use", { method: "DELETE", headers }).catch(() => {});
  };
  const giveToken = (token: string): void => {
    keepAdminToken(token);
    void read().then((body) => {
      const isWrong = body !== null && body.may_use !== "yes";
      if (isWrong) keepAdminToken(null);
      setTokenWrong(isWrong);
    });
  };
  return { catalogue, use, problem, wasTokenWrong, choose, cancel, giveToken };
}
