import { createHash } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, readSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AuditReport } from "../../audit";
import type { AuditEntry } from "./contract";

/*
 * Audits as files, one for each folder: a line that says what it is, and a line with the report. Who wants to know only
 * whether there is one reads the first.
 */

/** Grows when a report of before can no longer be shown. */
const VERSION = 1;
const MOST_HEAD_BYTES = 4096;

export interface KeptAudit {
  entry: AuditEntry;
  report: AuditReport;
}

/** Keeps an audit in place of the one before. @throws the system's error */
export function keepAudit(keptIn: string, folder: string, { entry, report }: KeptAudit): void {
  mkdirSync(keptIn, { recursive: true, mode: 0o700 });
  const path = pathOf(keptIn, folder);
  const aside = `${path}.${process.pid}.new`;
  try {
    const head = { version: VERSION, report_version: report.version, folder, ...entry };
    writeFileSync(aside, `${JSON.stringify(head)}\n${JSON.stringify(report)}\n`, { mode: 0o600 });
    renameSync(aside, path);
  } finally {
    rmSync(aside, { force: true });
  }
}

/** The audit that is kept of a folder; null when there is none that can be read. */
export function readKeptAudit(keptIn: string, folder: string): KeptAudit | null {
  try {
    const [head = "", report = ""] = readFileSync(pathOf(keptIn, folder), "utf8").split("\n");
    const entry = entryOf(head, folder);
    return entry === null ? null : { entry, report: JSON.parse(report) as AuditReport };
  } catch {
    return null;
  }
}

/** What is kept of a folder, without its report; null as `readKeptAudit`. */
export function readKeptEntry(keptIn: string, folder: string): AuditEntry | null {
  try {
    const file = openSync(pathOf(keptIn, folder), "r");
    try {
      const bytes = Buffer.alloc(MOST_HEAD_BYTES);
      const text = bytes.toString("utf8", 0, readSync(file, bytes, 0, MOST_HEAD_BYTES, 0));
      return entryOf(text.slice(0, text.indexOf("\n")), folder);
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}

function entryOf(head: string, folder: string): AuditEntry | null {
  const { version, report_version, folder: of, ...entry } = JSON.parse(head) as Record<string, unknown>;
  return version === VERSION && report_version === 1 && of === folder ? (entry as unknown as AuditEntry) : null;
}

function pathOf(keptIn: string, folder: string): string {
  return join(keptIn, `${createHash("sha256").update(folder).digest("hex").slice(0, 32)}.json`);
}
