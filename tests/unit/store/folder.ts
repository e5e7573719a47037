import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { NewLedgerRecord } from "../../../lib/memory";

/** A folder of this test's own, removed when it is done. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "memwell-store-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A record with a figure in every field, and the changes asked for. */
export function record(changes: Partial<NewLedgerRecord> = {}): NewLedgerRecord {
  return {
    time: 1_800_000_000_000,
    stepId: "step-1",
    step: "load",
    phase: "end",
    run: "run-1",
    turn: 3,
    model: "demo-response",
    pid: 4242,
    forecastBytes: 1,
    processBytes: 10,
    serverBytes: 100,
    cgroupBytes: 1_000,
    hostBytes: 10_000,
    gpuBytes: 100_000,
    durationMs: 12.5,
    tokens: 7,
    outcome: "done",
    ...changes,
  };
}
