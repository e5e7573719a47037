import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { loadNextData } from "../../../lib/audit/duplicates/holes";
import { auditFolder, type AuditReport, type Kind } from "../../../lib/audit";
import { buildGrownRepository, meaninglessName } from "../../fixtures/grown-repository";

/** A folder for the trees of one test file, removed at its end. */
export function scratch(): { fresh: () => string } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "memwell-audit-")));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let count = 0;
  return {
    fresh: () => {
      const path = join(folder, String(++count));
      mkdirSync(path);
      return path;
    },
  };
}

/** What is said of the repository that grew, as it is and with every name in it changed. */
export async function auditGrown(fresh: () => string): Promise<{ report: AuditReport; renamed: AuditReport }> {
  const [folder, other] = [fresh(), fresh()];
  buildGrownRepository(folder);
  buildGrownRepository(other, meaninglessName);
  return { report: await auditFolder(folder), renamed: await auditFolder(other) };
}

/** Some file systems store holes as zeros, or do not say where they are. */
export function knowsHoles(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "memwell-holes-"));
  try {
    const size = 8_000_000;
    truncateSync(write(folder, "hole", ""), size);
    const file = openSync(join(folder, "hole"), "r");
    const end = loadNextData()(file, 0, size);
    closeSync(file);
    return end === size && statSync(join(folder, "hole")).blocks < 100;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function write(folder: string, name: string, content: string | Buffer): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** Bytes of each kind. */
export function kindsOf({ sections }: AuditReport): Partial<Record<Kind, number>> {
  return Object.fromEntries(
    sections.flatMap(({ kinds }) => kinds.map(({ kind, apparent_size }) => [kind, apparent_size])),
  );
}

/** Bytes that look like noise and are the same every time. */
export function noise(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed * 2654435761 + 1;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}
