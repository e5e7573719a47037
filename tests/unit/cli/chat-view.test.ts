import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import type { ChatEvent, StepEnd } from "../../../lib/cli/chat-events";
import { ChatOutput } from "../../../lib/cli/chat-output";
import type { ChatStream } from "../../../lib/cli/chat-streams";
import { ChatView } from "../../../lib/cli/chat-view";
import { TransferBar } from "../../../lib/cli/transfer-bar";

/** What readline writes to go back to the start of a line, and to empty it. */
const BACK = "\u001b[1G\u001b[2K";

function textOf(stream: PassThrough): string {
  return String(stream.read() ?? "");
}

function terminal(columns = 80): PassThrough & ChatStream {
  return Object.assign(new PassThrough(), { isTTY: true, columns });
}

function show(
  events: readonly ChatEvent[],
  streams: { answer: ChatStream; steps: ChatStream | null },
  isPlain = false,
) {
  const output = new ChatOutput({ ...streams, bar: new TransferBar(), isPlain });
  const view = new ChatView(output, "small", () => 0);
  for (const event of events) view.show(event);
  output.clear();
}

/** Shows events on two streams that are no terminals. */
function showApart(events: readonly ChatEvent[]): { answer: string; steps: string } {
  const streams = { answer: new PassThrough(), steps: new PassThrough() };
  show(events, streams);
  return { answer: textOf(streams.answer), steps: textOf(streams.steps).replace(/\d+ ms, 0 swaps/g, "T") };
}

/** Shows events on the one terminal that both streams end in. */
function showInTerminal(events: readonly ChatEvent[], isPlain = false, columns?: number): string {
  const both = terminal(columns);
  show(events, { answer: both, steps: both }, isPlain);
  return textOf(both).replace(/\d+ ms, 0 swaps/g, "T");
}

function step(id: Pick<StepEnd, "name" | "detail" | "role">, inside: ChatEvent[], end: Partial<StepEnd> = {}) {
  const cost = { swapped_out: [], duration_ms: 5, prefill_ms: 0, decode_ms: 0, prefilled: 0, reused: 0, generated: 0 };
  return [
    { type: "step-start", step: 1, ...id },
    ...inside,
    {
      type: "step-end",
      step: 1,
      outcome: "done",
      error: null,
      model: null,
      memory_bytes: null,
      ...cost,
      ...id,
      ...end,
    },
  ] as ChatEvent[];
}

const text = (piece: string): ChatEvent => ({ type: "text", text: piece });
const thought = (piece: string, kind: "math" | "response" = "math"): ChatEvent => ({
  type: "thought",
  kind,
  text: piece,
});
const response = { name: "response", detail: null, role: "response" } as const;
const thinking = { name: "thinking", detail: "math", role: "reasoning" } as const;
const done = {
  type: "done",
  finishReason: "stop",
  text: "",
  sent: "",
  switches: [],
  decisions: [],
  omittedTurns: 0,
} as ChatEvent;
const aborted = { code: "aborted", message: "The turn was stopped.", fields: {} } as const;
const loading = (fraction: number): ChatEvent => ({
  type: "wait",
  role: "response",
  wait: { type: "loading", progress: { stage: "model", fraction } },
});

describe("on two streams that are no terminals", () => {
  it("the answer is alone on its own, and ends with one line end", () => {
    const events = [...step(thinking, [thought("2\n"), thought("+2")]), ...step(response, [text("Fo"), text("ur.")])];
    expect(showApart([...events, done])).toEqual({
      answer: "Four.\n",
      steps: "  thinking math:\n    2\n    +2\n  thinking math       5 ms\n  response            5 ms\n  2 steps, T\n",
    });
    expect(showApart([...step(response, [text("Four.\n")]), done]).answer).toBe("Four.\n");
    expect(showApart([...step(response, []), done]).answer).toBe("");
  });

  it("an answer that is cut off goes on until the turn's end in one piece", () => {
    const events = step(response, [text("Half an ans")], { outcome: "aborted", error: aborted });
    expect(showApart([...events, text("wer."), { type: "failed", error: aborted, text: "" }])).toEqual({
      answer: "Half an answer.\n",
      steps: "  response            stopped  5 ms\n  stopped: 1 step, T\n",
    });
  });

  it("thinking between two pieces of an answer adds nothing to it", () => {
    const events = step(response, [text("One, "), thought("hm", "response"), text("two.")]);
    expect(showApart([...events, done])).toEqual({
      answer: "One, two.\n",
      steps: "  thinking response:\n    hm\n  response            5 ms\n  1 step, T\n",
    });
  });

  it("a wait is told once for each thing that is waited for", () => {
    const { steps } = showApart([loading(0.1), loading(0.5), loading(1)]);
    expect(steps).toBe("Loading the response model\n");
  });

  it("a decision stands where it was made: in its step, or alone", () => {
    const made = { id: "chart", answer: "no", probability: 0.9, source: "model", reason: null, switches: [] } as const;
    const event = { type: "decision", decision: made } as ChatEvent;
    const inStep = step({ name: "decision", detail: "chart", role: "reasoning" }, [event]);
    expect(showApart(inStep).steps).toBe("  decision chart      no (0.90)  5 ms\n");
    expect(showApart([event]).steps).toBe("  decision chart      no (0.90)\n");
  });

  it("a failure in the middle of a thought ends its line, so that the message has one of its own", () => {
    const events: ChatEvent[] = [thought("hm", "response"), { type: "failed", error: aborted, text: "" }];
    expect(showApart(events)).toEqual({ answer: "", steps: "  thinking response:\n    hm\n" });
  });

  it("a tool that failed says why", () => {
    const error = { code: "tool_failed", message: "0 divides nothing.", fields: {} } as const;
    const events = step({ name: "tool", detail: "calculator", role: null }, [
      { type: "tool-call", call: "c", tool: "calculator", input: {} },
      { type: "tool-failed", call: "c", tool: "calculator", error },
    ]);
    expect(showApart(events).steps).toBe("  tool calculator     failed: 0 divides nothing.  5 ms\n");
  });

  it("what a model writes carries no control sequence", () => {
    const events = [thought("\u001b[31mred"), text("\u001b[2Jgone")];
    expect(showApart([...events, done])).toEqual({ answer: "[2Jgone\n", steps: "  thinking math:\n    [31mred\n" });
  });
});

describe("in one terminal", () => {
  it("a wait is one line that is written over, and gone before anything else", () => {
    const shown = showInTerminal([loading(0.1), loading(1), ...step(response, [text("Four.")]), done]);
    expect(shown).toBe(
      `Loading the response model: 10 %${BACK}Loading the response model: 100 %${BACK}` +
        "\nFour.\n\n  response            5 ms\n  1 step, T\n",
    );
  });

  it("a wait never wraps", () => {
    expect(showInTerminal([loading(0.1)], false, 20)).toBe(`Loading the respons${BACK}`);
  });

  it("thinking is dim, unless nobody wants color", () => {
    expect(showInTerminal([thought("hm"), done])).toBe("  thinking math:\n    \u001b[2mhm\u001b[22m\n");
    expect(showInTerminal([thought("hm"), done], true)).toBe("  thinking math:\n    hm\n");
  });

  it("no stream goes on in a line of the other", () => {
    const shown = showInTerminal([text("One, "), thought("hm", "response"), text("two."), done], true);
    expect(shown).toBe("\nOne, \n  thinking response:\n    hm\ntwo.\n\n");
  });
});

it("quiet: the answer alone", () => {
  const answer = new PassThrough();
  show([loading(0.5), thought("hm"), ...step(response, [text("Four.")]), done], { answer, steps: null });
  expect(textOf(answer)).toBe("Four.\n");
});
