import { MemwellError } from "../../errors";
import type { Auditable } from "./auditable";
import type { AuditProgress, StorageWork } from "./contract";

/** How long a close waits for what is between two steps. */
export const CLOSE_WITHIN_MS = 5_000;

export type Run<Done> = (folder: string, signal: AbortSignal) => Promise<Done>;

/** The one piece of work that goes on. */
export interface Running {
  folder: Auditable;
  work: StorageWork;
  startedAt: number;
  progress: AuditProgress | null;
  abort: AbortController;
  ended: Promise<unknown>;
}

/** Why another one cannot begin. */
export function busy({ folder, work }: Running): MemwellError {
  return new MemwellError(
    "conflict",
    `Something else goes on in the folder ${JSON.stringify(folder.name)} (${work}): wait for its end, or cancel it.`,
    { folder: folder.name, work },
  );
}
