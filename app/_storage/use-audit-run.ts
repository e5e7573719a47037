"use client";

import { useState } from "react";

import { adminToken, keepAdminToken } from "../_analytics/admin-token";
import { asRefusal, askServer, type ServerRefusal } from "../_analytics/ask-server";
import type { AuditEntry, AuditProgress } from "./contract";
import { runWork } from "./run-work";

export interface UsedAuditRun {
  /** Of the audit that this page has begun; null while none runs. */
  running: { progress: AuditProgress | null; isCancelling: boolean } | null;
  /** Why there is no audit; an audit that was cancelled is no refusal. */
  refusal: { refusal: ServerRefusal; wasTokenSent: boolean } | null;
  start: () => void;
  cancel: () => void;
  giveToken: (token: string) => void;
  dismiss: () => void;
}

/**
 * An audit of a folder, begun by this page.
 *
 * @param folder its name
 * @param onEnd the server may know another audit
 */
export function useAuditRun(folder: string, onEnd: () => Promise<void>): UsedAuditRun {
  const [running, setRunning] = useState<UsedAuditRun["running"]>(null);
  const [refusal, setRefusal] = useState<UsedAuditRun["refusal"]>(null);

  const refuse = (thrown: unknown, wasTokenSent: boolean): void => {
    const reason = asRefusal(thrown);
    if (reason.code === "admin_only") keepAdminToken(null);
    setRefusal({ refusal: reason, wasTokenSent });
  };

  const start = async (): Promise<void> => {
    const wasTokenSent = adminToken() !== null;
    setRefusal(null);
    setRunning({ progress: null, isCancelling: false });
    try {
      await runWork<AuditProgress, { audit: AuditEntry }>("/api/storage/audit", { folder }, (progress) =>
        setRunning((known) => (known === null ? null : { ...known, progress })),
      );
    } catch (thrown) {
      if (asRefusal(thrown).code !== "aborted") refuse(thrown, wasTokenSent);
    } finally {
      // The new figures first: between the bar and them there is no moment without either.
      await onEnd();
      setRunning(null);
    }
  };

  const cancel = async (): Promise<void> => {
    setRunning((known) => (known === null ? null : { ...known, isCancelling: true }));
    await askServer("/api/storage/cancel", { body: { folder }, token: adminToken() }).catch((thrown: unknown) =>
      refuse(thrown, adminToken() !== null),
    );
  };

  return {
    running,
    refusal,
    start: () => void start(),
    cancel: () => void cancel(),
    giveToken: (token) => {
      keepAdminToken(token);
      void start();
    },
    dismiss: () => setRefusal(null),
  };
}
