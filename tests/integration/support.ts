import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll } from "vitest";
import {
  ChildSource,
  EngineProcess,
  type EngineTimeouts,
  type GenerateEvent,
  type LoadSettings,
} from "../../lib/engine";
import type { RunEvent } from "../../lib/runtime";
import { isWait } from "../../lib/runtime/wait-events";

export const childScript = resolve("dist/engine-child.js");

export const shortTimeouts: EngineTimeouts = { startMs: 3_000, loadStallMs: 3_000, graceMs: 500, abortMs: 1_000 };

/** A folder of this test file's own, removed at its end. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "memwell-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function realChildren(options: { keepSpare?: boolean } = {}): ChildSource {
  return new ChildSource(
    { file: process.execPath, args: [childScript] },
    { keepSpare: options.keepSpare ?? false, graceMs: 3_000 },
  );
}

export function loadSettings(modelPath: string, changes: Partial<LoadSettings> = {}): LoadSettings {
  return {
    modelPath,
    contexts: [{ name: "base", adapter: null }],
    contextSize: 1024,
    sequences: 4,
    batchSize: 128,
    threads: 1,
    gpu: false,
    ...changes,
  };
}

export interface Collected {
  events: GenerateEvent[];
  text: string;
  thought: string;
  last: GenerateEvent;
  done: Extract<GenerateEvent, { type: "done" }> | null;
  failed: Extract<GenerateEvent, { type: "failed" }> | null;
  prompt: Extract<GenerateEvent, { type: "prompt" }> | null;
}

/**
 * Reads a generation to its end and checks what every one must keep: exactly one final event, and it is the last. What a
 * runtime says of the wait before it is left out.
 */
export async function collect(events: AsyncIterable<RunEvent>): Promise<Collected> {
  const all: GenerateEvent[] = [];
  for await (const event of events) if (!isWait(event)) all.push(event);
  const finals = all.filter((event) => event.type === "done" || event.type === "failed");
  const last = all.at(-1);
  if (last === undefined || finals.length !== 1 || finals[0] !== last)
    throw new Error(
      `expected exactly one final event at the end, got ${JSON.stringify(all.map((event) => event.type))}`,
    );
  const textOf = (type: "text" | "thought"): string =>
    all.map((event) => (event.type === type ? event.text : "")).join("");
  const find = <T extends GenerateEvent["type"]>(type: T) =>
    (all.find((event) => event.type === type) ?? null) as Extract<GenerateEvent, { type: T }> | null;
  return {
    events: all,
    text: textOf("text"),
    thought: textOf("thought"),
    last,
    done: find("done"),
    failed: find("failed"),
    prompt: find("prompt"),
  };
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits for something that other processes bring about; fails after `ms`. */
export async function until(what: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await what())) {
    if (Date.now() > deadline) throw new Error(`did not come true within ${ms} ms: ${what.toString()}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

/** Ends an engine and its source when the test file is done. */
export function closeAtEnd(...holders: { close(): Promise<unknown> }[]): void {
  afterAll(async () => {
    for (const holder of holders) await holder.close();
  });
}

export { ChildSource, EngineProcess };
