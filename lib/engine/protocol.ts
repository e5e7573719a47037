import { z } from "zod";
import type { ErrorCode, ErrorRecord } from "../errors";
import type {
  CloseContextResult,
  ContextSettings,
  EngineInfo,
  EngineStep,
  GenerateEvent,
  GenerateRequest,
  LoadProgress,
  LoadSettings,
  OpenContextResult,
  Prompt,
  RestoreStateRequest,
  SaveStateRequest,
  ScoreRequest,
} from "./contract";

/**
 * What parent and child say to each other: one JSON value a line, commands on the child's stdin, messages on its file
 * descriptor 3. A descriptor of its own, because llama.cpp prints where it likes; and not Node's built-in channel, because
 * garbage on that one is thrown in the parent as an uncaught error. The end of stdin means the parent is gone.
 */
export const PROTOCOL_VERSION = 1;
export const MESSAGE_DESCRIPTOR = 3;

/** Longest line a child may send, in bytes: far above any event, far below what would hurt the parent. */
export const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

export type Command =
  | { type: "load"; id: number; settings: LoadSettings }
  | { type: "open-context"; id: number; context: ContextSettings }
  | { type: "close-context"; id: number; name: string; withinMs: number }
  | { type: "generate"; id: number; request: GenerateRequest }
  | { type: "score"; id: number; request: ScoreRequest }
  | { type: "count"; id: number; prompt: Prompt }
  | { type: "save"; id: number; request: SaveStateRequest }
  | { type: "restore"; id: number; request: RestoreStateRequest }
  | { type: "park"; id: number; withinMs: number }
  | { type: "abort"; id: number };

export type ChildMessage =
  /** The library is loaded and the child waits for its model. */
  | { type: "hello"; protocol: number }
  | { type: "progress"; id: number; progress: LoadProgress }
  | { type: "event"; id: number; event: GenerateEvent }
  | { type: "step"; id: number; step: EngineStep }
  | { type: "result"; id: number; value: unknown }
  | { type: "error"; id: number; error: ErrorRecord };

const count = z.number().int().nonnegative();
const errorRecord = z.object({
  code: z.string().transform((code) => code as ErrorCode),
  message: z.string(),
  fields: z.record(z.string(), z.unknown()),
});

const usage = z.object({
  promptTokens: count,
  reusedTokens: count,
  completionTokens: count,
  thoughtTokens: count,
});

const generateEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string(), tokens: count }),
  z.object({ type: z.literal("thought"), text: z.string(), tokens: count }),
  z.object({ type: z.literal("prompt"), promptTokens: count, reusedTokens: count, slot: count }),
  z.object({ type: z.literal("prefill"), evaluated: count, total: count }),
  z.object({
    type: z.literal("done"),
    finishReason: z.enum(["stop", "length", "aborted"]),
    usage,
    prefillMs: z.number(),
    decodeMs: z.number(),
    slot: count,
  }),
  z.object({ type: z.literal("failed"), error: errorRecord }),
]);

const childMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("event"), id: count, event: generateEvent }),
  z.object({ type: z.literal("hello"), protocol: z.number() }),
  z.object({
    type: z.literal("progress"),
    id: count,
    progress: z.object({ stage: z.enum(["process", "model", "adapter", "context"]), fraction: z.number() }),
  }),
  z.object({
    type: z.literal("step"),
    id: count,
    step: z.object({ step: z.enum(["save", "restore"]), phase: z.enum(["start", "end"]), tokens: count }),
  }),
  z.object({ type: z.literal("result"), id: count, value: z.unknown() }),
  z.object({ type: z.literal("error"), id: count, error: errorRecord }),
]);

/** One line from a child as a message; null when it is none, which ends the child. */
export function parseChildMessage(line: string): ChildMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const parsed = childMessage.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** The answers to each command that has one answer. A child is our own program: a wrong shape is its crash, not bad input. */
export const resultSchemas = {
  load: z.object({
    pid: count,
    architecture: z.string(),
    name: z.string().nullable(),
    parameters: z.number(),
    fileBytes: count,
    contextSize: count,
    trainContextSize: count,
    sequences: count,
    vocabularySize: count,
    threads: z.union([count, z.literal("auto")]),
    gpu: z.union([z.string(), z.literal(false)]),
    thinks: z.boolean(),
    modelBytes: z.number(),
    contextBytes: z.number(),
    loadMs: z.number(),
    libraryVersion: z.string(),
  }) satisfies z.ZodType<EngineInfo>,
  openContext: z.object({ contextBytes: z.number() }) satisfies z.ZodType<OpenContextResult>,
  closeContext: z.object({
    sequences: count,
    tokens: count,
    bytes: count,
    contextBytes: z.number(),
    isPeakReset: z.boolean(),
  }) satisfies z.ZodType<CloseContextResult>,
  score: z.object({
    answers: z.array(z.object({ answer: z.string(), logProbability: z.number().nullable(), share: z.number() })),
    usage,
  }),
  count: z.object({ tokens: count }),
  save: z.object({ tokens: count, bytes: count }),
  restore: z.object({ slot: count, tokens: count }),
  park: z.object({
    sequences: count,
    tokens: count,
    bytes: count,
    threads: z.object({ decode: count, prefill: count }).nullable(),
  }),
};
