import { describe, expect, it } from "vitest";
import { readProcessMemory } from "../../lib/memory";
import type { Runtime } from "../../lib/runtime";
import { temporaryFolder } from "./support";
import { hearTurn, turnRuntime, type Heard } from "./turn-support";

const TURNS = 8;
/**
 * Room for one of two models of about 260 MB each, with this context, and for what this process itself grows by: the
 * calculator's thread, for one. In bytes.
 */
const ROOM = 400e6;
/** The machine may be busy with anything: only a run that stands still takes this long. In ms. */
const PATIENCE = 5 * 60_000;
const folder = temporaryFolder();

function runtimeForOne(): Promise<Runtime> {
  const own = readProcessMemory("self")?.anonymous ?? 0;
  const settings = { MEMWELL_CONTEXT_SIZE: "4096", MEMWELL_MEMORY_BUDGET: String(Math.round((own + ROOM) / 0.8)) };
  return turnRuntime(folder, settings, { response: "small", reasoning: "smallReasoning" });
}

/** The models whose weights were read, in order, with the runs that asked first. */
function loadsOf(runtime: Runtime): { model: string | null; run: string | null }[] {
  const records = runtime.memoryLog({ limit: 10_000 });
  return records.flatMap(({ step, phase, model, run }) => (step === "load" && phase === "end" ? [{ model, run }] : []));
}

const endOfSlot = (role: "reasoning" | "response") => (event: Heard) =>
  event.type === "step-end" && event.name === "slot" && event.role === role;

describe.runIf(process.platform === "linux")("two models in a budget that holds one", () => {
  it(
    "eight turns at once cost one swap: the reasoning of all comes before the answers of all",
    async () => {
      const runtime = await runtimeForOne();
      try {
        const order: string[] = [];
        const turns = await Promise.all(
          Array.from({ length: TURNS }, async (_, index) => {
            const message = `Why is ${index}/4 + 1/8 not ${index + 1}/12?`;
            const on = (event: Heard): void => {
              if (event.type === "step-start" && (event.name === "thinking" || event.name === "response"))
                order.push(event.name);
            };
            return hearTurn(runtime, { message, maxTokens: 4, maxThoughtTokens: 4 }, { on });
          }),
        );
        for (const { last, steps } of turns) {
          expect(last, JSON.stringify(last)).toMatchObject({ type: "done" });
          expect(steps.every((step) => step.endsWith(" done"))).toBe(true);
        }
        expect(order.filter((name) => name === "response")).toHaveLength(TURNS);
        expect(order.lastIndexOf("thinking")).toBeLessThan(order.indexOf("response"));
        const [response, reasoning] = runtime.models().map(({ id }) => id);
        expect(loadsOf(runtime).map(({ model }) => model)).toEqual([reasoning, response]);

        // A turn now begins with the model that is not there, and costs one swap to it and one load of the other.
        const { last, events } = await hearTurn(runtime, { maxTokens: 4, maxThoughtTokens: 4 }, { run: "one more" });
        expect(last.type).toBe("done");
        expect(events.findIndex(endOfSlot("reasoning"))).toBeLessThan(events.findIndex(endOfSlot("response")));
        const swaps = events.flatMap((event) =>
          event.type === "step-end" && event.swapped_out.length > 0 ? event : [],
        );
        expect(swaps).toMatchObject([
          { name: "slot", detail: "reasoning", swapped_out: [response] },
          { name: "slot", detail: "response", swapped_out: [reasoning] },
        ]);
        expect(loadsOf(runtime).slice(2)).toEqual([
          { model: reasoning, run: "one more" },
          { model: response, run: "one more" },
        ]);
      } finally {
        await runtime.close();
      }
    },
    PATIENCE,
  );
});
