import { afterAll, describe, expect, it } from "vitest";
import { MemwellError } from "../../../../lib/errors";
import { calculator, play, type Played, type Script } from "./script";

afterAll(() => calculator.close());

const domains = ["education", "business"];
const message = "What is a margin?";
const before = (domain: string | null) => [{ message, answer: "What is left.", domain }];

/** The domain that the response model was asked for in. */
const leasedIn = ({ calls }: Played): string | undefined =>
  calls.find(({ role, what }) => role === "response" && what === "acquire")?.domain;
const decided = ({ events }: Played) =>
  events.flatMap((event) => (event.type === "decision" && event.decision.id === "domain" ? [event.decision] : []));
const sure = (domain: string): Script => ({ answers: { domain, chart: "no" } });

describe("a turn that is to choose its domain", () => {
  it("asks the reasoning model last of all, and answers in the one it chose", async () => {
    const played = await play(sure("business"), { message, domains });
    expect(decided(played)).toMatchObject([{ answer: "business", source: "model", probability: 0.97 }]);
    expect(leasedIn(played)).toBe("business");
    const asked = played.events.flatMap((event) =>
      event.type === "step-start" && event.name === "decision" ? [event.detail] : [],
    );
    expect(asked.at(-1)).toBe("domain");
    expect(played.events.at(-1)).toMatchObject({ type: "done", switches: ["GENERAL_FORMATTING"] });
  });

  it.each([
    ["chose none", sure("general"), "model"],
    ["is not sure", {}, "rule"],
  ] as const)("answers without one where the model %s", async (_name, script, source) => {
    const played = await play(script, { message, domains });
    expect(decided(played)).toMatchObject([{ answer: "general", source }]);
    expect(leasedIn(played)).toBeUndefined();
  });

  it("answers without one where the reasoning model is gone, before or after it was asked for", async () => {
    for (const what of ["acquire", "score"] as const) {
      const gone: Script = {
        ...sure("business"),
        before: (call) => {
          if (call.role === "reasoning" && call.what === what) throw new MemwellError("engine_crashed", "It is gone.");
        },
      };
      const played = await play(gone, { message, domains });
      expect(decided(played)).toMatchObject([{ answer: "general", source: "rule", reason: "It is gone." }]);
      expect(leasedIn(played)).toBeUndefined();
      expect(played.events.at(-1)?.type).toBe("done");
    }
  });

  it("stays in its conversation's domain without asking, also where the reasoning model is gone", async () => {
    const gone: Script = {
      before: ({ role }) => {
        if (role === "reasoning") throw new MemwellError("engine_crashed", "It is gone.");
      },
    };
    for (const script of [sure("education"), gone]) {
      const played = await play(script, { message: "why?", domains, history: before("business") });
      expect(decided(played)).toMatchObject([{ answer: "business", source: "rule" }]);
      expect(leasedIn(played)).toBe("business");
    }
  });

  it("leaves its domain for another subject", async () => {
    const played = await play(sure("general"), {
      message: "What is a fraction?",
      domains,
      history: before("business"),
    });
    expect(leasedIn(played)).toBeUndefined();
  });

  it("needs no reasoning model for a greeting", async () => {
    const played = await play(sure("business"), { message: "Hello!", domains, history: before("business") });
    expect(played.slots).toEqual(["acquire response", "release response"]);
    expect(leasedIn(played)).toBeUndefined();
  });
});

describe("a turn that has its domain, or none to choose from", () => {
  it.each([
    ["one was named", { domain: "education", domains }, "education"],
    ["there are none", { domains: [] }, undefined],
    ["nobody asked", {}, undefined],
  ])("asks nobody: %s", async (_name, request, domain) => {
    const played = await play(sure("business"), { message, ...request });
    expect(decided(played)).toEqual([]);
    expect(leasedIn(played)).toBe(domain);
  });
});
