import { lstatSync, realpathSync } from "node:fs";
import { MemwellError } from "../errors";
import type { AuditReport } from "./contract";
import { findNearBases } from "./duplicates/find-near-bases";
import { findSameBytes } from "./duplicates/same-bytes";
import { findSameModels } from "./duplicates/same-model";
import { findModels } from "./models/find-models";
import { identifyRecords } from "./models/identify-records";
import { makeReport } from "./report/report";
import { fromText, toSystem, type BytePath } from "./walk/byte-path";
import { totalsOf } from "./walk/folder";
import { Pauses } from "./walk/pauses";
import { systemCodeOf } from "./walk/system";
import { Walk } from "./walk/walk";

/** What the audit is doing now. */
export type AuditStep = "walk" | "headers" | "duplicates" | "models";

export interface AuditOptions {
  crossMounts?: boolean | undefined;
  /** Levels of folders in the report's tree. Default: all. */
  depth?: number | undefined;
  /** Files from this length on are looked into and compared one by one. Default: 64 KiB. Bytes. */
  leastSize?: number | undefined;
  signal?: AbortSignal | undefined;
  onStep?: ((step: AuditStep) => void) | undefined;
}

/**
 * Says what a folder holds and why it is as large as it is, from the bytes of its files. Reads only; follows no link; keeps
 * the files' times of last use where the system lets it.
 *
 * @throws MemwellError `not_found` when there is no such folder, `invalid_request` when it cannot be audited, `aborted`
 */
export async function auditFolder(folder: string, options: AuditOptions = {}): Promise<AuditReport> {
  const path = realFolder(folder);
  const pauses = new Pauses(options.signal);
  const step = (name: AuditStep): Promise<void> => {
    options.onStep?.(name);
    return pauses.take();
  };

  await step("walk");
  const walked = await new Walk(path, { ...options, recordBytes: options.leastSize }).run(pauses);
  await step("headers");
  await identifyRecords(walked.root, walked.notes, pauses);
  const units = findModels(walked.root);
  await step("duplicates");
  const sameBytes = await findSameBytes(walked.root, walked.notes, pauses);
  await step("models");
  const nearBases = await findNearBases(units, sameBytes.groups, pauses);

  const { leastSize, depth = Infinity } = options;
  const found = { units, sameBytes, nearBases, sameModels: findSameModels(units), totals: totalsOf(walked.root) };
  return makeReport({ walked, ...found, leastSize, depth });
}

function realFolder(folder: string): BytePath {
  try {
    if (folder === "") throw Object.assign(new Error("no path"), { code: "ENOENT" });
    const path = realpathSync.native(toSystem(fromText(folder)), "latin1");
    if (!lstatSync(toSystem(path)).isDirectory()) throw Object.assign(new Error("a file"), { code: "ENOTDIR" });
    return path;
  } catch (thrown) {
    const code = systemCodeOf(thrown);
    const reason = REASONS[code] ?? `it cannot be read (${code})`;
    throw new MemwellError(
      code === "ENOENT" ? "not_found" : "invalid_request",
      `${JSON.stringify(folder)}: ${reason}. Name a folder that Memwell may read.`,
      { folder, system_code: code },
      { cause: thrown },
    );
  }
}

const REASONS: Record<string, string> = {
  ENOENT: "there is no such folder",
  ENOTDIR: "this is a file, not a folder",
  EACCES: "Memwell is not allowed to look into it",
  ELOOP: "its symbolic links lead in a circle",
  ERR_INVALID_ARG_VALUE: "this is not a path",
};
