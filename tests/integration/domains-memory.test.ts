import { describe, expect, it } from "vitest";
import { readProcessMemory } from "../../lib/memory";
import type { Runtime } from "../../lib/runtime";
import { ensureFixtureAdapter } from "../fixtures/models";
import { temporaryFolder, until } from "./support";
import { hearTurn, turnRuntime, type HeardTurn } from "./turn-support";

/** The machine may be busy with anything: only a run that stands still takes this long. In ms. */
const PATIENCE = 5 * 60_000;
/** With this context the response model takes about 220 MB (and 265 MB while it loads), of which a context is 108 MB. */
const CONTEXT_SIZE = "4096";
const folder = temporaryFolder();
const [education, business] = [
  await ensureFixtureAdapter("small", { seed: 1 }),
  await ensureFixtureAdapter("small", { seed: 2 }),
];
const ofAnother = await ensureFixtureAdapter("tiny");
/** No reasoning model is needed for it. */
const GREETING = "Hello";

/** A runtime whose budget leaves so many bytes beside what this process holds now. */
async function runtimeWith(room: number): Promise<Runtime> {
  const own = readProcessMemory("self")?.anonymous ?? 0;
  const settings = {
    MEMWELL_CONTEXT_SIZE: CONTEXT_SIZE,
    MEMWELL_MEMORY_BUDGET: String(Math.round((own + room) / 0.8)),
    MEMWELL_DOMAINS: `education=${education},business=${business},other=${ofAnother}`,
  };
  return turnRuntime(folder, settings, { response: "small", reasoning: "smallReasoning" });
}

const answer = (runtime: Runtime, domain?: string, message = GREETING) =>
  hearTurn(runtime, { message, domain, maxTokens: 6, maxThoughtTokens: 4 });
const slotOf = ({ ends }: HeardTurn) => ends.find(({ name, role }) => name === "slot" && role === "response");
const responseOf = ({ ends }: HeardTurn) => ends.find(({ name }) => name === "response");

function stepsOf(runtime: Runtime, step: "load" | "save"): number {
  return runtime.memoryLog({ limit: 10_000 }).filter((record) => record.step === step && record.phase === "end").length;
}

/** How often weights were read. */
const loadsOf = (runtime: Runtime): number => stepsOf(runtime, "load");

async function expectWithinBudget(runtime: Runtime): Promise<void> {
  const { models, budgetBytes } = await runtime.memory();
  const own = readProcessMemory("self")?.anonymous ?? 0;
  expect(models.reduce((sum, { memory }) => sum + (memory?.rss ?? 0), own)).toBeLessThanOrEqual(budgetBytes);
}

describe.runIf(process.platform === "linux")("domains in a budget", () => {
  it(
    "that holds one context take each other's place: no swap, no load, and what was evaluated is there again",
    async () => {
      const runtime = await runtimeWith(310e6);
      try {
        const before = loadsOf(runtime);
        const response = runtime.models()[0]?.id;
        const replaced: [domain: string | undefined, replaced: string | undefined][] = [
          [undefined, undefined],
          ["education", response],
          ["business", "education"],
          ["education", "business"],
          [undefined, "education"],
        ];
        const texts = new Map<string | undefined, string>();
        for (const [domain, expected] of replaced) {
          const turn = await answer(runtime, domain);
          expect(turn.last, JSON.stringify(turn.last)).toMatchObject({ type: "done" });
          expect(slotOf(turn)).toMatchObject({ swapped_out: [] });
          expect(slotOf(turn)?.context_replaced).toBe(expected);
          expect(responseOf(turn)?.context_replaced).toBeUndefined();
          if (texts.has(domain)) {
            expect(turn.text).toBe(texts.get(domain));
            expect(responseOf(turn)?.prefilled).toBeLessThan(20);
          }
          texts.set(domain, turn.text);
          await expectWithinBudget(runtime);
        }
        expect(new Set(texts.values()).size).toBe(3);
        expect(loadsOf(runtime) - before).toBe(1);

        // What cannot be opened takes nobody's place.
        const saves = stepsOf(runtime, "save");
        expect((await answer(runtime, "other")).last).toMatchObject({ type: "failed" });
        expect((await answer(runtime)).last.type).toBe("done");
        expect(stepsOf(runtime, "save")).toBe(saves);

        // At once: who finds the place taken waits, and everybody is answered.
        const all = [undefined, "education", "business", "education", "business", undefined];
        const turns = await Promise.all(all.map((domain) => answer(runtime, domain)));
        for (const [index, { text, last }] of turns.entries()) {
          expect(last.type).toBe("done");
          expect(text).toBe(texts.get(all[index]));
        }
        await expectWithinBudget(runtime);
        expect(loadsOf(runtime) - before).toBe(1);
      } finally {
        await runtime.close();
      }
    },
    PATIENCE,
  );

  it(
    "that holds all contexts keep them, until another model needs the memory: then they go, and the model stays",
    async () => {
      const runtime = await runtimeWith(660e6);
      try {
        for (const domain of [undefined, "education", "business"])
          expect(slotOf(await answer(runtime, domain))?.context_replaced).toBeUndefined();
        const response = () => runtime.models().find(({ roles }) => roles.includes("response"));
        const pid = response()?.info?.pid;
        const full = response()?.info?.contextBytes ?? 0;
        const before = loadsOf(runtime);
        const turn = await answer(runtime, "business", "Why is 3/4 + 1/8 not 4/12?");
        expect(turn.last.type).toBe("done");
        expect(turn.ends.flatMap(({ swapped_out }) => swapped_out)).toEqual([]);
        expect(loadsOf(runtime) - before).toBe(1);
        expect(response()?.info?.pid).toBe(pid);
        expect(response()?.info?.contextBytes).toBeLessThan(full);
        await expectWithinBudget(runtime);
        await until(() => runtime.models().every(({ state }) => state === "ready"));
      } finally {
        await runtime.close();
      }
    },
    PATIENCE,
  );
});
