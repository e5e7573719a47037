import { z } from "zod";

import type { FinishReason } from "../engine";
import { isRecord } from "./paths";
import {
  Display,
  EndedStep,
  oneOf,
  OpenStep,
  Practice,
  StepNumber,
  StoredDecision,
  StoredError,
  Switches,
  ThoughtKind,
} from "./stored-message-fields";
import type { UiStreamEnd } from "./ui-stream";

/** Deeper than anything a turn writes, and far from where JSON's own writer gives up. */
const DEEPEST = 64;

const step = StepNumber.catch(0);

const Extra = z.object({
  outcome: oneOf<UiStreamEnd["outcome"]>({ done: true, stopped: true, failed: true, interrupted: true })
    .nullable()
    .catch(null),
  finish_reason: oneOf<FinishReason>({ stop: true, length: true, aborted: true }).nullable().catch(null),
  thoughts: rightOnesOf(z.object({ step, kind: ThoughtKind, text: z.string() })),
  tools: rightOnesOf(
    z.object({
      step,
      call: z.string(),
      tool: z.string(),
      input: z.unknown().default(null),
      text: z.string().nullable(),
      display: Display.nullable().catch(null),
      error: StoredError.nullable().catch(null),
    }),
  ),
  decisions: rightOnesOf(StoredDecision.extend({ step })),
  switches: Switches.catch([]),
  omitted_turns: z.number().int().min(0).catch(0),
  practice: Practice.nullable().catch(null),
  steps: rightOnesOf(EndedStep),
  open_step: OpenStep.nullable().catch(null),
  error: StoredError.nullable().catch(null),
});

/** What is kept with an answer: `AnswerExtra` of the runtime, as far as it is right. */
export type StoredExtra = z.output<typeof Extra>;

/** @param extra any parsed JSON: a conversation that was imported may have kept anything with its answers */
export function readExtra(extra: unknown): StoredExtra {
  return Extra.parse(isRecord(extra) && isShallow(extra, DEEPEST) ? extra : {});
}

/** A list without what is no such thing. */
function rightOnesOf<Item extends z.ZodType>(item: Item) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((list) =>
      list.flatMap((each): z.output<Item>[] => {
        const read = item.safeParse(each);
        return read.success ? [read.data] : [];
      }),
    );
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1));
}
