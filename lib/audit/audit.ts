import { trashWords } from "./apply/list-trash";
import { openRoot } from "./apply/root";
import type { AuditReport } from "./contract";
import { findNearBases } from "./duplicates/find-near-bases";
import { findSameBytes } from "./duplicates/same-bytes";
import { findSameModels } from "./duplicates/same-model";
import { findModels } from "./models/find-models";
import { identifyRecords } from "./models/identify-records";
import { makeReport } from "./report/report";
import { totalsOf } from "./walk/folder";
import { Pauses } from "./walk/pauses";
import { joined } from "./walk/byte-path";
import { realFolder } from "./walk/real-folder";
import { settledTime } from "./walk/settled-time";
import { TRASH_FOLDER } from "./walk/trash-folder";
import { Walk } from "./walk/walk";

/** What the audit is doing now. */
export type AuditStep = "walk" | "headers" | "duplicates" | "models";

/** How far an audit is: `nb_seen` are the files and folders that the walk has met. */
export interface AuditProgress {
  step: AuditStep;
  nb_seen: number;
}

export interface AuditOptions {
  crossMounts?: boolean | undefined;
  /** Levels of folders in the report's tree. Default: all. */
  depth?: number | undefined;
  /** Files from this length on are looked into and compared one by one. Default: 64 KiB. Bytes. */
  leastSize?: number | undefined;
  signal?: AbortSignal | undefined;
  onStep?: ((step: AuditStep) => void) | undefined;
  /** Told at every step, and many times a second in the midst of one. */
  onProgress?: ((progress: AuditProgress) => void) | undefined;
}

/**
 * Says what a folder holds and why it is as large as it is, from the bytes of its files. Reads only; follows no link; keeps
 * the files' times of last use where the system lets it.
 *
 * @throws MemwellError `not_found` when there is no such folder, `invalid_request` when it cannot be audited, `aborted`
 */
export async function auditFolder(folder: string, options: AuditOptions = {}): Promise<AuditReport> {
  const path = realFolder(folder);
  const takenAt = await settledTime();
  let current: AuditStep = "walk";
  const pauses = new Pauses(options.signal, (count) => options.onProgress?.({ step: current, nb_seen: count }));
  const step = (name: AuditStep): Promise<void> => {
    current = name;
    options.onStep?.(name);
    return pauses.take();
  };

  await step("walk");
  const walked = await new Walk(path, { ...options, recordBytes: options.leastSize }).run(pauses);
  for (const words of trashWords(openRoot(folder))) walked.notes.add("trash", joined(path, TRASH_FOLDER), words);
  await step("headers");
  await identifyRecords(walked.root, walked.notes, pauses);
  const units = findModels(walked.root);
  await step("duplicates");
  const sameBytes = await findSameBytes(walked.root, walked.notes, pauses);
  await step("models");
  const nearBases = await findNearBases(units, sameBytes.groups, pauses);

  const { leastSize, depth = Infinity } = options;
  const found = { units, sameBytes, nearBases, sameModels: findSameModels(units), totals: totalsOf(walked.root) };
  return makeReport({ walked, ...found, takenAt, leastSize, depth });
}
