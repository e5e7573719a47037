import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../lib/runtime";
import { ensureFixtureAdapter } from "../fixtures/models";
import { temporaryFolder } from "./support";
import { hearTurn, killModel, momentOf, onceAt, turnRuntime, unloadAll, type HeardTurn } from "./turn-support";

const folder = temporaryFolder();
const education = await ensureFixtureAdapter("tiny", { seed: 1 });
const business = await ensureFixtureAdapter("tiny", { seed: 2 });
const ofAnother = await ensureFixtureAdapter("small");
const missing = `${folder}/there-is-none.gguf`;

let runtime: Runtime;
beforeAll(async () => {
  const domains = `education=${education},business=${business},other=${ofAnother},missing=${missing}`;
  runtime = await turnRuntime(folder, { MEMWELL_DOMAINS: domains });
});
afterAll(() => runtime.close());

const answer = (domain?: string) => hearTurn(runtime, { domain });
const responseOf = ({ ends }: HeardTurn) => ends.find(({ name }) => name === "response");
const response = () => runtime.models().find(({ roles }) => roles.includes("response"));

/** How often a step of this kind ended for the response model. */
function stepsOf(step: "load" | "context"): number {
  const records = runtime.memoryLog({ limit: 10_000 });
  return records.filter((record) => record.step === step && record.phase === "end" && record.model === response()?.id)
    .length;
}

describe("domains on one base", () => {
  it("answer each in its own way, in the same process and without a load of weights", async () => {
    const turns: Record<string, HeardTurn> = { none: await answer() };
    const process = response()?.info?.pid;
    const contexts = stepsOf("context");
    const domains = ["education", "business", "none"];
    for (const domain of [...domains, ...domains]) {
      const turn = await answer(domain);
      expect(turn.last, JSON.stringify(turn.last)).toMatchObject({ type: "done" });
      expect(turn.ends.flatMap(({ swapped_out }) => swapped_out)).toEqual([]);
      expect(turn.ends.filter(({ context_replaced }) => context_replaced !== undefined)).toEqual([]);
      turns[domain] ??= turn;
      expect(turn.text).toBe(turns[domain]?.text);
    }
    expect(new Set(Object.values(turns).map(({ text }) => text)).size).toBe(3);
    expect(response()?.info?.pid).toBe(process);
    expect(stepsOf("load")).toBe(1);
    expect(stepsOf("context") - contexts).toBe(2);
  });

  it("name themselves in the trace, and the others name none", async () => {
    const turn = await answer("business");
    const named = turn.ends.filter(({ domain }) => domain !== undefined);
    expect(named.map(({ name, role, domain }) => ({ name, role, domain }))).toEqual([
      { name: "slot", role: "response", domain: "business" },
      { name: "response", role: "response", domain: "business" },
    ]);
    expect(responseOf(turn)?.model).toBe(`${response()?.id}-business`);
    expect((await answer()).ends.every(({ domain }) => domain === undefined)).toBe(true);
  });

  it("go on with what they have evaluated, each with its own", async () => {
    for (const domain of ["education", "business"]) {
      const first = await answer(domain);
      const again = await answer(domain);
      expect(responseOf(first)?.reused).toBeGreaterThan(0);
      expect(responseOf(again)?.prefilled).toBeLessThan(20);
    }
  });

  it("are known, in the order of the settings, and are models of their own as well", async () => {
    expect(runtime.domains).toEqual(["education", "business", "other", "missing"]);
    const ids = runtime.models().flatMap(({ id, domain }) => (domain === undefined ? [] : [id]));
    expect(ids).toEqual(runtime.domains.map((domain) => `${response()?.id}-${domain}`));
    expect((await runtime.load(ids[0] ?? "")).info?.pid).toBe(response()?.info?.pid);
  });

  it("are refused when nobody knows them, before anything is done", async () => {
    const turn = await answer("law");
    expect(turn.steps).toEqual([]);
    expect(turn.last).toMatchObject({
      type: "failed",
      error: {
        code: "invalid_request",
        message: expect.stringContaining("education, business, other, missing"),
        fields: { parameter: "domain", domain: "law", known: runtime.domains },
      },
    });
  });

  it.each([
    ["other", "adapter_invalid", ofAnother],
    ["missing", "model_file_missing", missing],
  ])(
    "whose adapter cannot be used (%s) fail by name, and keep nobody else from answering",
    async (domain, code, path) => {
      const pid = response()?.info?.pid;
      const turn = await answer(domain);
      expect(turn.last).toMatchObject({ type: "failed", error: { code, message: expect.stringContaining(path) } });
      const failed = runtime.models().find((model) => model.domain === domain);
      expect(failed?.lastError).toMatchObject({ code });
      expect(response()?.lastError).toBeNull();
      expect(runtime.readiness().ready).toBe(true);
      expect((await answer("business")).last.type).toBe("done");
      expect(response()?.info?.pid).toBe(pid);
    },
  );
});

describe("a turn in a domain that ends early", () => {
  // Before the first of them nothing is loaded, so that weights and context are waited for.
  it.each(["wait", "start slot response", "end slot response", "text"])(
    "by an abort at %j leaves nothing held",
    async (moment) => {
      if (moment === "wait") await unloadAll(runtime);
      const abort = new AbortController();
      const isOwn = (event: Parameters<typeof momentOf>[0]) => event.type !== "wait" || event.role === "response";
      const once = onceAt(moment, () => abort.abort());
      const on = (event: Parameters<typeof momentOf>[0]) => (isOwn(event) ? once.on(event) : undefined);
      const turn = await hearTurn(runtime, { domain: "education", maxTokens: 1200 }, { signal: abort.signal, on });
      expect(once.happened, turn.events.map(momentOf).join(", ")).toBe(true);
      expect(turn.last.type === "done" ? turn.last.finishReason : turn.last.error.code).toBe("aborted");
      expect((await answer("education")).last.type).toBe("done");
    },
  );

  it.each(["start slot response", "end slot response", "text"])(
    "by the process's death at %j leaves nothing held",
    async (moment) => {
      await answer("business");
      const once = onceAt(moment, () => killModel(runtime, "response", { isNoticed: true }));
      const turn = await hearTurn(runtime, { domain: "business", maxTokens: 1200 }, { on: once.on });
      expect(once.happened).toBe(true);
      if (moment !== "start slot response")
        expect(turn.last).toMatchObject({ type: "failed", error: { code: "engine_crashed" } });
      expect((await answer("education")).last.type).toBe("done");
      expect((await answer("business")).last.type).toBe("done");
    },
  );

  it("in all of these ways: every model leaves as soon as it is told to", async () => {
    await unloadAll(runtime);
    expect(runtime.models().every(({ state }) => state === "stopped")).toBe(true);
  });
});
