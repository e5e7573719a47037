import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../lib/config";
import type { LedgerRecord } from "../../lib/memory";
import { createRuntime, type Runtime } from "../../lib/runtime";
import { ensureFixtureModel } from "../fixtures/models";
import { childScript, collect, temporaryFolder } from "./support";

/** What a question leaves in the ledger of a real runtime with a real model. */
const MEGABYTE = 1e6;
const folder = temporaryFolder();
const lines: string[] = [];
let runtime: Runtime;

const start = async (dataDir: string) =>
  createRuntime(loadConfig({ MEMWELL_RESPONSE_MODEL: await ensureFixtureModel("tiny"), MEMWELL_DATA_DIR: dataDir }), {
    childScript,
    keepSpare: false,
    logLine: (line) => lines.push(line),
  });

const ask = (run: string) =>
  collect(
    runtime.generate(
      "memwell",
      { prompt: { messages: [{ role: "user", content: `What is ${run}?` }] }, maxTokens: 20, sampling: { seed: 3 } },
      { run, turn: 4 },
    ),
  );

const phases = (records: LedgerRecord[], step: string) =>
  records.flatMap((record) => (record.step === step ? [record.phase] : []));

beforeAll(async () => {
  runtime = await start(folder);
});
afterAll(() => runtime?.close());

describe.runIf(process.platform === "linux")("the ledger of a runtime", () => {
  it("has the prefill and the decode of a question, with plausible figures", async () => {
    const { done, prompt } = await ask("first");
    const records = runtime.memoryLog({ run: "first" });
    expect(phases(records, "prefill")).toEqual(["start", "peak", "end"]);
    expect(phases(records, "decode")).toEqual(["start", "peak", "end"]);
    const { id, info } = runtime.models().find(({ roles }) => roles.includes("response")) ?? {};
    for (const step of ["prefill", "decode"]) {
      const [begin, peak, end] = records.filter((record) => record.step === step);
      expect(new Set([begin?.stepId, peak?.stepId, end?.stepId]).size).toBe(1);
      expect(begin).toMatchObject({
        run: "first",
        turn: 4,
        model: id,
        pid: info?.pid,
        durationMs: null,
        outcome: null,
      });
      for (const figure of ["processBytes", "serverBytes", "hostBytes"] as const) {
        expect(begin?.[figure]).toBeGreaterThan(5 * MEGABYTE);
        expect(peak?.[figure]).toBeGreaterThanOrEqual(Math.max(begin?.[figure] ?? 0, end?.[figure] ?? 0));
        expect(peak?.[figure]).toBeLessThan(1e12);
      }
      expect(end).toMatchObject({ outcome: "done" });
      expect(end?.durationMs).toBeGreaterThanOrEqual(0);
    }
    const tokens = records.flatMap((record) => (record.phase === "end" && record.tokens !== null ? [record] : []));
    expect(tokens.find(({ step }) => step === "prefill")?.tokens).toBe(
      (prompt?.promptTokens ?? 0) - (prompt?.reusedTokens ?? 0),
    );
    expect(tokens.find(({ step }) => step === "decode")?.tokens).toBe(done?.usage.completionTokens);
  });

  it("writes one line a step to the log, and counts its records", async () => {
    lines.length = 0;
    await ask("second");
    expect(lines.filter((line) => line.startsWith("memory prefill "))).toHaveLength(1);
    expect(
      lines.filter((line) => /^memory decode {3}\S+ {2}pid \d+ {2}.* MB -> .* run second$/.test(line)),
    ).toHaveLength(1);
    const { ledger } = await runtime.memory();
    expect(ledger.lost).toBe(0);
    expect(ledger.written).toBe(runtime.memoryLog({ limit: 10_000 }).length);
  });

  it("is read by another runtime while this one writes, and after it is closed", async () => {
    await ask("third");
    const other = await start(folder);
    expect(phases(other.memoryLog({ run: "third" }), "decode")).toEqual(["start", "peak", "end"]);
    await ask("fourth");
    expect(phases(other.memoryLog({ run: "fourth" }), "decode")).toEqual(["start", "peak", "end"]);
    await runtime.close();
    expect(phases(other.memoryLog({ run: "third" }), "decode")).toEqual(["start", "peak", "end"]);
    await other.close();
    expect(() => other.memoryLog({})).toThrow(expect.objectContaining({ code: "engine_closed" }) as Error);
  });

  it("is kept in memory where the database cannot be written, and questions are answered", async () => {
    const place = join(temporaryFolder(), "data");
    mkdirSync(join(place, "memwell.db"), { recursive: true });
    writeFileSync(join(place, "memwell.db", "in-the-way"), "");
    runtime = await start(place);
    expect((await ask("fifth")).done).not.toBeNull();
    expect(phases(runtime.memoryLog({ run: "fifth" }), "decode")).toEqual(["start", "peak", "end"]);
    await runtime.close();
  });
});
