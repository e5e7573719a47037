import { expect, it } from "vitest";
import { prefillText, waitText } from "../../../lib/cli/chat-waits";

const queued = (reason: "footprint" | "load" | "stop" | "busy" | "turn", models: string[], estimateMs: number | null) =>
  ({ type: "queued", position: 2, waitingFor: { reason, models }, estimateMs }) as const;
const loading = (stage: "process" | "model" | "adapter" | "context", fraction: number) =>
  ({ type: "loading", progress: { stage, fraction } }) as const;

it.each<[Parameters<typeof waitText>[0], string, string | null]>([
  [queued("footprint", ["a"], null), "Looking at the size of M", null],
  [
    queued("busy", ["a", "b"], 40_000),
    "Position 2 in the queue for M, about 40.0 s: waiting for a and b to finish",
    "Position 2 in the queue for M: waiting for a and b to finish",
  ],
  [
    queued("stop", ["a"], null),
    "Position 2 in the queue for M: waiting for a to leave memory",
    "Position 2 in the queue for M: waiting for a to leave memory",
  ],
  [
    queued("stop", [], null),
    "Position 2 in the queue for M: waiting for room in memory",
    "Position 2 in the queue for M: waiting for room in memory",
  ],
  [
    queued("load", ["a"], null),
    "Position 2 in the queue for M: waiting while a is loaded",
    "Position 2 in the queue for M: waiting while a is loaded",
  ],
  [
    queued("turn", ["a"], null),
    "Position 2 in the queue for M: waiting for earlier requests for a",
    "Position 2 in the queue for M: waiting for earlier requests for a",
  ],
  [loading("process", 0), "Starting M", null],
  [loading("model", 0.634), "Loading M: 63 %", "Loading M"],
  [loading("adapter", 1), "Loading the adapter of M: 100 %", null],
  [loading("context", 0), "Preparing the memory of M", null],
])("%j", (wait, live, lasting) => {
  expect(waitText(wait, "M")).toEqual({ live, lasting });
});

it("reading a prompt is of interest for the moment only", () => {
  expect(prefillText({ evaluated: 128, total: 459 })).toEqual({
    live: "Reading the prompt: 128 of 459 tokens",
    lasting: null,
  });
});
