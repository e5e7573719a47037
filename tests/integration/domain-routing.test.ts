import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../lib/runtime";
import { ensureFixtureAdapter } from "../fixtures/models";
import { temporaryFolder } from "./support";
import { hearTurn, killModel, turnRuntime, unloadAll, type HeardTurn } from "./turn-support";

/** A model that knows nothing takes the shortest answer for the likeliest by far. */
const SURE = "law";
let runtime: Runtime;

beforeAll(async () => {
  const [law, leadership] = [
    await ensureFixtureAdapter("tiny", { seed: 1 }),
    await ensureFixtureAdapter("tiny", { seed: 2 }),
  ];
  runtime = await turnRuntime(temporaryFolder(), { MEMWELL_DOMAINS: `${SURE}=${law},leadership=${leadership}` });
});
afterAll(() => runtime.close());

const message = "What is a margin?";
const decided = ({ events }: HeardTurn) =>
  events.flatMap((event) => (event.type === "decision" && event.decision.id === "domain" ? [event.decision] : []));
const leased = ({ ends }: HeardTurn) => ends.filter(({ name, role }) => name === "slot" && role === "response");

describe("a turn whose domain is chosen from its message", () => {
  it("is answered in it, with the same base, and costs the question a few tokens", async () => {
    const named = await hearTurn(runtime, { message, domain: "leadership" });
    const chosen = await hearTurn(runtime, { message, domain: "auto" });
    expect(decided(named)).toEqual([]);
    expect(decided(chosen)).toMatchObject([{ answer: SURE, source: "model" }]);
    expect(leased(chosen)).toMatchObject([{ domain: SURE, swapped_out: [] }]);
    const question = chosen.ends.find(({ detail }) => detail === "domain");
    expect(question?.reused).toBeGreaterThan(3 * (question?.prefilled ?? 0));
    expect((await hearTurn(runtime, { message, domain: SURE })).text).toBe(chosen.text);
    const records = runtime.memoryLog({ limit: 10_000 });
    const ids = runtime.models().flatMap(({ id, domain }) => (domain === SURE ? [id] : []));
    expect(records.some(({ model, step }) => step === "prefill" && ids.includes(model ?? ""))).toBe(true);
  });

  it("goes on in the domain before it without asking", async () => {
    const history = [{ message, answer: "What is left.", domain: "leadership" }];
    const turn = await hearTurn(runtime, { message: "why?", history, domain: "auto" });
    expect(decided(turn)).toMatchObject([{ answer: "leadership", source: "rule" }]);
    expect(leased(turn)).toMatchObject([{ domain: "leadership" }]);
  });

  it("is answered without one when the reasoning model dies", async () => {
    await unloadAll(runtime);
    let isKilled = false;
    const turn = await hearTurn(
      runtime,
      { message, domain: "auto" },
      {
        on: async (event) => {
          if (isKilled || event.type !== "step-start" || event.name !== "decision") return;
          isKilled = true;
          await killModel(runtime, "reasoning", { isNoticed: true });
        },
      },
    );
    expect(isKilled).toBe(true);
    expect(turn.last.type).toBe("done");
    expect(decided(turn)).toMatchObject([{ answer: "general", source: "rule" }]);
    expect(leased(turn).every(({ domain }) => domain === undefined)).toBe(true);
  });
});
