import { afterAll, describe, expect, it } from "vitest";
import { runTurn } from "../../../../lib/agent";
import { MemwellError } from "../../../../lib/errors";
import { actors, calculator, CHART, EVERYTHING, play, type Heard, type Played } from "./script";

afterAll(() => calculator.close());

const stepsOf = ({ events }: Played): string[] =>
  events.flatMap((event) => (event.type === "step-end" ? [nameOf(event)] : []));
const nameOf = ({ name, detail }: { name: string; detail: string | null }): string =>
  detail === null ? name : `${name} ${detail}`;
const finalOf = ({ events }: Played): Heard | undefined => events.at(-1);
const textOf = ({ events }: Played): string =>
  events.flatMap((event) => (event.type === "text" ? [event.text] : [])).join("");

/** What every turn keeps, however it ends. */
function expectWhole({ events, slots }: Played): void {
  const finals = events.filter(({ type }) => type === "done" || type === "failed");
  expect(finals).toHaveLength(1);
  expect(events.at(-1)).toBe(finals[0]);
  const started = events.flatMap((event) => (event.type === "step-start" ? [event.step] : []));
  const ended = events.flatMap((event) => (event.type === "step-end" ? [event.step] : []));
  expect(ended).toEqual(started);
  expect(started).toEqual(started.map((_, index) => index + 1));
  // One model at a time, each let go of before the next is asked for.
  slots.forEach((slot, index) => {
    const role = slot.split(" ")[1] ?? "";
    expect(slot).toBe(`${index % 2 === 0 ? "acquire" : "release"} ${role}`);
    if (index % 2 === 1) expect(slots[index - 1]).toBe(`acquire ${role}`);
  });
  expect(slots.length % 2).toBe(0);
}

describe("a turn", () => {
  it("decides, uses tools, thinks, and answers, in this order, with each model once", async () => {
    const played = await play(EVERYTHING, {
      message: "How do I work out 3/4 + 1/8?",
      history: [{ message: "Give me a practice question", answer: "What is 1/2 + 1/4?\nA) 3/4\nB) 1/4" }],
    });
    expectWhole(played);
    expect(played.slots).toEqual(["acquire reasoning", "release reasoning", "acquire response", "release response"]);
    const steps = stepsOf(played);
    expect(steps[0]).toBe("rules");
    expect(steps[1]).toBe("slot reasoning");
    expect(steps.at(-2)).toBe("slot response");
    expect(steps.at(-1)).toBe("response");
    const order = ["decision", "tool", "thinking"].map((name) => steps.findIndex((step) => step.startsWith(name)));
    expect(order).toEqual([...order].sort((left, right) => left - right));
    expect(order).not.toContain(-1);
    expect(finalOf(played)).toMatchObject({
      type: "done",
      finishReason: "stop",
      text: "A fraction is a part of a whole.",
    });
    expect(textOf(played)).toBe("A fraction is a part of a whole.");
  });

  it("tells what each step cost: time, tokens and memory", async () => {
    const { events } = await play(EVERYTHING);
    const decision = events.find((event) => event.type === "step-end" && event.name === "decision");
    expect(decision).toMatchObject({ prefilled: 10, reused: 20, generated: 0, memory_bytes: 1000, role: "reasoning" });
    const response = events.find((event) => event.type === "step-end" && event.name === "response");
    expect(response).toMatchObject({ prefilled: 10, reused: 20, generated: 4, outcome: "done" });
    expect(events).toContainEqual({ type: "wait", role: "reasoning", wait: "position 1" });
  });

  it("never guesses arithmetic: the calculator's result reaches the response model", async () => {
    const { events, calls } = await play({}, { message: "What is 12 * 7?" });
    expect(events.find(({ type }) => type === "tool-result")).toMatchObject({
      tool: "calculator",
      text: expect.stringMatching(/84/),
    });
    const answering = calls.find(({ role, what }) => role === "response" && what === "generate");
    expect(JSON.stringify(answering?.request)).toMatch(/84/);
  });

  it("draws a chart from what the reasoning model writes under the tool's schema", async () => {
    const { events, calls } = await play({ ...EVERYTHING }, { message: "Draw a bar chart of apples: Mon 3, Tue 5" });
    expect(events.find(({ type }) => type === "tool-result")).toMatchObject({
      tool: "create_graph",
      display: { kind: "chart", labels: ["Mon", "Tue"] },
    });
    const writing = calls.find(({ request }) => request !== undefined && "jsonSchema" in request && request.jsonSchema);
    expect(writing?.role).toBe("reasoning");
  });

  it("goes on without a chart that the model wrote badly, and says so", async () => {
    for (const chart of ["", "{", '{"type":"bar"}', '{"series":[{"values":[null]}]}']) {
      const played = await play({ ...EVERYTHING, chart }, { message: "Draw a bar chart of apples: Mon 3, Tue 5" });
      expectWhole(played);
      expect(played.events.find(({ type }) => type === "tool-failed")).toMatchObject({
        tool: "create_graph",
        error: { code: "tool_arguments_invalid" },
      });
      expect(finalOf(played)).toMatchObject({ type: "done" });
    }
  });

  it("of a greeting does not load the reasoning model", async () => {
    const played = await play({}, { message: "Hello!" });
    expectWhole(played);
    expect(played.slots).toEqual(["acquire response", "release response"]);
    expect(finalOf(played)).toMatchObject({ type: "done" });
  });

  it("falls back to the rules where the model is unsure, and records its own figures", async () => {
    const { events } = await play({ answers: {} }, { message: "Explain photosynthesis to me please" });
    const decisions = events.flatMap((event) => (event.type === "decision" ? [event.decision] : []));
    const asked = decisions.filter(({ probability }) => probability !== null);
    expect(asked.length).toBeGreaterThan(0);
    for (const decision of asked)
      expect(decision).toMatchObject({ source: "rule", reason: expect.stringMatching(/%/) });
  });

  it("thinks within the budget it is given, and not at all for 0", async () => {
    const none = await play(EVERYTHING, { maxThoughtTokens: 0 });
    expect(stepsOf(none).some((step) => step.startsWith("thinking"))).toBe(false);
    const few = await play(EVERYTHING, { maxThoughtTokens: 7 });
    const thinking = few.calls.filter(
      ({ role, what, request }) => role === "reasoning" && what === "generate" && !("jsonSchema" in (request ?? {})),
    );
    expect(thinking.length).toBeGreaterThan(0);
    for (const { request } of thinking) expect(request).toMatchObject({ maxTokens: 7 });
  });

  it("puts the answer right while it streams", async () => {
    const played = await play({ answer: ["<think>no</think>", "Yes: `1 + 1", "`.<|im_end|>", "\nUser: and now?"] });
    expect(textOf(played)).toBe("Yes: `1 + 1`.");
    expect(finalOf(played)).toMatchObject({ text: "Yes: `1 + 1`." });
  });

  it("with another library is another agent", async () => {
    const [tutor, plain] = [await play({}), await play({ library: "plain" })];
    const instructions = ({ calls }: Played) => {
      const request = calls.find(({ role, what }) => role === "response" && what === "generate")?.request;
      return JSON.stringify(request?.prompt).slice(0, 300);
    };
    expect(instructions(plain)).not.toBe(instructions(tutor));
    expect(finalOf(plain)).toMatchObject({ type: "done" });
  });

  it("refuses what is no message, by name", async () => {
    for (const [message, code] of [
      ["", "invalid_request"],
      [" \n\t", "invalid_request"],
      ["x".repeat(1_000_000), "request_too_large"],
    ] as const) {
      const played = await play({}, { message });
      expect(played.events).toEqual([{ type: "failed", error: expect.objectContaining({ code }), text: "" }]);
      expect(played.slots).toEqual([]);
    }
  });
});

describe("every combination of decisions", () => {
  const answers = {
    chart: ["yes", "no"],
    practice: ["yes", "no"],
    clarity: ["vague", "unclear", "both", "neither"],
    followup: ["yes", "no"],
    teaching: ["guide", "practice", "both", "neither"],
  };
  const combinations = Object.entries(answers).reduce<Record<string, string>[]>(
    (all, [id, choices]) => all.flatMap((one) => choices.map((choice) => ({ ...one, [id]: choice }))),
    [{}],
  );

  it("ends whole, with the switches it decided for, and thinks what they ask for", async () => {
    for (const combination of combinations) {
      const played = await play(
        { answers: combination, chart: CHART },
        {
          message: "I think the answer is the second one, because of the leaves that grow there",
          history: [{ message: "Give me a practice question", answer: "Which one grows?\nA) stone\nB) tree\n" }],
        },
      );
      expectWhole(played);
      const done = finalOf(played);
      if (done?.type !== "done") throw new Error(`${JSON.stringify(combination)}: ${JSON.stringify(done)}`);
      const decided = new Set(done.decisions.flatMap(({ switches }) => switches));
      for (const name of decided) expect(done.switches).toContain(name);
      const isThinking = done.switches.some((name) => /THINKING|DESIGN/.test(name));
      expect(stepsOf(played).some((step) => step.startsWith("thinking"))).toBe(isThinking);
    }
  });
});

/** Every call of a model in a turn that does everything. */
async function callsOfATurn(): Promise<number> {
  return (await play(EVERYTHING, { message: "Plot 1, 2, 3 and work out 3/4 + 1/8" })).calls.length;
}

describe("a model that crashes", () => {
  it("at any call of the reasoning model leaves the rules to decide; the response model's end is the turn's", async () => {
    const count = await callsOfATurn();
    expect(count).toBeGreaterThan(6);
    for (let at = 0; at < count; at++) {
      let seen = -1;
      let role = "";
      const played = await play(
        {
          ...EVERYTHING,
          before: (call) => {
            seen += 1;
            if (seen !== at) return;
            role = call.role;
            throw new MemwellError("engine_crashed", "The model's process ended.");
          },
        },
        { message: "Plot 1, 2, 3 and work out 3/4 + 1/8" },
      );
      expectWhole(played);
      const failed = played.events.filter((event) => event.type === "step-end" && event.outcome === "failed");
      if (role === "reasoning") {
        expect(finalOf(played)).toMatchObject({ type: "done", text: "A fraction is a part of a whole." });
        expect(failed.length).toBe(1);
        // Every question has an answer, once.
        const ids = played.events.flatMap((event) => (event.type === "decision" ? [event.decision.id] : []));
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids).toHaveLength(5);
        expect(played.events.some((event) => event.type === "tool-result" && event.tool === "calculator")).toBe(true);
      } else expect(finalOf(played)).toMatchObject({ type: "failed", error: { code: "engine_crashed" } });
    }
  });

  it("in the middle of its answer leaves what was said", async () => {
    const { parts } = actors({});
    const acquire = parts.acquireSlot;
    parts.acquireSlot = async (role, options) => {
      const slot = await acquire(role, options);
      if (role === "reasoning") return slot;
      return {
        ...slot,
        async *generate(request, given) {
          for await (const event of slot.generate(request, given)) {
            yield event;
            if (event.type === "text") break;
          }
          yield { type: "failed", error: { code: "engine_crashed", message: "Gone.", fields: {} } };
        },
      };
    };
    const events: Heard[] = [];
    for await (const event of runTurn(
      parts,
      { message: "Hello!", history: [] },
      { signal: new AbortController().signal },
    ))
      events.push(event);
    expect(events.at(-1)).toMatchObject({ type: "failed", error: { code: "engine_crashed" }, text: "A fraction" });
  });
});

describe("what a turn is asked with", () => {
  it("reaches the models: instructions after the library's own, sampling and stops for the answer, the seed for notes", async () => {
    const { calls } = await play(EVERYTHING, {
      message: "Work out 3/4 + 1/8",
      instructions: " Answer in French. ",
      sampling: { temperature: 0.3, seed: 11 },
      stop: ["END"],
      maxTokens: 40,
    });
    const generated = calls.flatMap(({ what, role, request }) =>
      what === "generate" && request !== undefined && "sampling" in request ? [{ role, request }] : [],
    );
    const answer = generated.find(({ role }) => role === "response")?.request;
    expect(answer).toMatchObject({ sampling: { temperature: 0.3, seed: 11 }, stop: ["END"], maxTokens: 40 });
    const system = answer !== undefined && "messages" in answer.prompt ? answer.prompt.messages[0]?.content : "";
    expect(system).toMatch(/\nAnswer in French\.$/);
    const notes = generated.filter(({ role, request }) => role === "reasoning" && !("jsonSchema" in request));
    expect(notes.length).toBeGreaterThan(0);
    for (const { request } of notes) expect(request.sampling).toEqual({ seed: 11 });
  });
});

describe("a response model that goes on after its answer", () => {
  it("is stopped, and the answer has ended as meant", async () => {
    const pieces: number[] = [];
    const words = Array.from({ length: 200 }, (_, index) => `word${index} `);
    const played = await play({
      answer: ["A fraction is a part.", "\nUser:", " And then?\n", ...words],
      beforePiece: (index) => void pieces.push(index),
    });
    expectWhole(played);
    expect(textOf(played)).toBe("A fraction is a part.");
    expect(finalOf(played)).toMatchObject({ type: "done", finishReason: "stop" });
    expect(pieces.length).toBeLessThan(10);
  });

  it("has its own thoughts counted among the tokens that are left", async () => {
    const answer = ["This is one sentence. ", "Here is a second one that ", "is cut in the middle because"];
    const played = await play({ answer, thoughts: ["Hm.", "Well."], finishReason: "length" }, { maxTokens: 23 });
    expect(textOf(played)).toBe("This is one sentence.");
  });
});

describe("the reasoning model", () => {
  it("is not asked for where nothing is to be decided and no notes are wanted", async () => {
    const wanted = await play({}, { message: "12 * 7" });
    expect(wanted.slots).toContain("acquire reasoning");
    const played = await play({}, { message: "12 * 7", maxThoughtTokens: 0 });
    expectWhole(played);
    expect(played.slots).toEqual(["acquire response", "release response"]);
    const chart = await play(EVERYTHING, { message: "draw a bar chart of 3, 5, 9", maxThoughtTokens: 0 });
    expect(chart.slots).toContain("acquire reasoning");
  });

  it("that cannot be had leaves what was known as it was known", async () => {
    const before = ({ role, what }: { role: string; what: string }) => {
      if (role === "reasoning" && what === "acquire") throw new MemwellError("memory_exceeded", "Too large.");
    };
    const { events } = await play({ before }, { message: "Why did Rome fall?" });
    const decisions = events.flatMap((event) => (event.type === "decision" ? [event.decision] : []));
    const followup = decisions.filter(({ id }) => id === "followup");
    expect(followup).toMatchObject([{ answer: "no", reason: expect.stringContaining("no practice question") }]);
    expect(new Set(decisions.map(({ id }) => id)).size).toBe(decisions.length);
  });

  it("that fails while the turn is stopped ends it as stopped", async () => {
    const abort = new AbortController();
    const before = ({ role, what }: { role: string; what: string }) => {
      if (role !== "reasoning" || what !== "acquire") return;
      abort.abort();
      throw new MemwellError("engine_start_failed", "It does not start.");
    };
    const played = await play({ before }, { message: "Why did Rome fall?" }, abort);
    expectWhole(played);
    expect(finalOf(played)).toMatchObject({ type: "failed", error: { code: "aborted" } });
  });
});

describe("the response model", () => {
  it("that dies while the prompt is counted ends its step as failed", async () => {
    const played = await play({
      before: ({ what }) => {
        if (what === "count") throw new MemwellError("engine_crashed", "Gone.");
      },
    });
    expectWhole(played);
    const steps = played.events.flatMap((event) => (event.type === "step-end" ? [event] : []));
    expect(steps.at(-1)).toMatchObject({ name: "response", outcome: "failed", error: { code: "engine_crashed" } });
  });
});

describe("a turn that is stopped", () => {
  it("at any call of a model ends at once, lets go of its model, and keeps what was said", async () => {
    const count = await callsOfATurn();
    for (let at = 0; at < count; at++) {
      const abort = new AbortController();
      let seen = -1;
      const played = await play(
        { ...EVERYTHING, before: () => ((seen += 1) === at ? abort.abort() : undefined) },
        { message: "Plot 1, 2, 3 and work out 3/4 + 1/8" },
        abort,
      );
      expectWhole(played);
      expect(played.calls.length).toBeLessThanOrEqual(at + 2);
      const last = finalOf(played);
      if (last?.type === "failed") expect(last.error.code).toBe("aborted");
      else expect(last).toMatchObject({ type: "done", finishReason: "aborted" });
    }
  });

  it("by a reader who leaves lets go of its model", async () => {
    for (const stopAt of ["wait", "decision", "thought", "text"]) {
      const { parts, slots } = actors(EVERYTHING);
      for await (const event of runTurn(
        parts,
        { message: "Plot 1, 2, 3", history: [] },
        { signal: new AbortController().signal },
      ))
        if (event.type === stopAt) break;
      await new Promise((done) => setImmediate(done));
      expect(slots.filter((slot) => slot.startsWith("acquire")).length).toBe(
        slots.filter((slot) => slot.startsWith("release")).length,
      );
    }
  });
});
