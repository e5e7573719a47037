import type { Runtime, StorageFolder, StorageReport } from "@/lib/runtime";

import { requireAdmin } from "./admin";
import { requireAnalytics } from "./analytics";
import { route } from "./http";
import { readJsonBody } from "./read-json-body";
import { getRuntime } from "./runtime";

type Storage = Runtime["storage"];

/** What a browser cannot send by accident. Bytes. */
const LIMIT_BYTES = 2 * 1024 * 1024;

/** A route that looks: `answer` is given the storage, the query, and whether it is the administrator who asks. */
export function lookingRoute(
  answer: (storage: Storage, query: URLSearchParams, isAdmin: boolean) => object | Promise<object>,
) {
  return route(async (request) => {
    const runtime = await getRuntime();
    const isAdmin = requireAnalytics(request, runtime);
    const body = await answer(runtime.storage, new URL(request.url).searchParams, isAdmin);
    return Response.json(body, { headers: { "cache-control": "no-store" } });
  });
}

/** A route that does something, for the administrator: `answer` is given the storage and the request's body. */
export function changingRoute(answer: (storage: Storage, body: unknown, request: Request) => Promise<Response>) {
  return route(async (request) => {
    const { config, storage } = await getRuntime();
    requireAdmin(request, config.adminToken);
    return answer(storage, await readJsonBody(request, LIMIT_BYTES), request);
  });
}

/** Where on this machine a folder lies is not for strangers. */
export function folderFor(folder: StorageFolder, isAdmin: boolean): Omit<StorageFolder, "path"> & { path?: string } {
  if (isAdmin) return folder;
  const { path: _, ...rest } = folder;
  return rest;
}

/** Nor is where a link leads that leaves the folder. */
export function reportFor(report: StorageReport, isAdmin: boolean): StorageReport {
  if (isAdmin) return report;
  const entries = report.notes.entries.map((note) =>
    note.kind === "link-out"
      ? { ...note, message: "this link leads out of the folder: not followed, not counted" }
      : note,
  );
  return { ...report, notes: { ...report.notes, entries } };
}
