import { endedStep, errorData, withoutRefusedNames } from "./ui-stream-data";
import type { StoredExtra } from "./stored-message-extra";
import { NOT_ANSWERED, RUN_BY_SERVER } from "./ui-stream-parts";
import { TurnSummary } from "./ui-stream-summary";
import { INTERRUPTED, type UiStreamEnd } from "./ui-stream";
import type { TurnMessage } from "./ui-stream-types";

type Part = TurnMessage["parts"][number];
type Tool = StoredExtra["tools"][number];

const { providerExecuted } = RUN_BY_SERVER;

/**
 * What happened in the steps of a turn, in their order: each step, then its decisions, tools and thoughts. Of two with the
 * same name the later one counts, as in the stream.
 *
 * @param owner what tells its tool calls from those of other turns
 */
export function partsOfSteps(extra: StoredExtra, owner: string): Part[] {
  const parts = new Map<string, { step: number; part: Part }>();
  const add = (step: number, id: string, part: Part): void => void parts.set(id, { step, part });
  for (const ended of extra.steps) {
    const id = `step-${ended.step}`;
    add(ended.step, id, { type: "data-step", id, data: endedStep({ type: "step-end", ...ended }) });
  }
  if (extra.open_step !== null) {
    const id = `step-${extra.open_step.step}`;
    add(extra.open_step.step, id, { type: "data-step", id, data: { ...extra.open_step, state: "interrupted" } });
  }
  for (const { step, ...data } of extra.decisions) {
    const id = `decision-${data.id}`;
    add(step, id, { type: "data-decision", id, data });
  }
  for (const tool of extra.tools) add(tool.step, `tool-${tool.call}`, toolPart(tool, `${owner}-${tool.call}`));
  const thoughts = new Map<number, number>();
  for (const { step, kind, text } of extra.thoughts) {
    const number = (thoughts.get(step) ?? 0) + 1;
    thoughts.set(step, number);
    const id = number === 1 ? `step-${step}` : `step-${step}-${number}`;
    const providerMetadata = { memwell: { kind } };
    add(step, `thought-${id}`, { type: "reasoning", id, text, providerMetadata, state: "done" });
  }
  return [...parts.values()].sort((one, other) => one.step - other.step).map(({ part }) => part);
}

function toolPart({ tool, input, text, display, error }: Tool, toolCallId: string): Part {
  const call = {
    type: "dynamic-tool",
    toolName: tool,
    toolCallId,
    input: withoutRefusedNames(input),
    providerExecuted,
  } as const;
  if (error !== null)
    return {
      ...call,
      state: "output-error",
      errorText: error.message,
      resultProviderMetadata: { memwell: { code: error.code } },
    };
  if (text === null) return { ...call, state: "output-error", errorText: NOT_ANSWERED };
  return { ...call, state: "output-available", output: withoutRefusedNames({ text, display }) };
}

/** What the turn came to: its figures, or why it failed; nothing for one that was stopped before its end. */
export function partsOfEnd(extra: StoredExtra, outcome: UiStreamEnd["outcome"] | null): Part[] {
  const { error, finish_reason: finishReason } = extra;
  if (outcome === "interrupted") return [{ type: "data-error", id: "error", data: INTERRUPTED }];
  if (error !== null)
    return error.code === "aborted" ? [] : [{ type: "data-error", id: "error", data: errorData(error) }];
  if (outcome === "failed") return [{ type: "data-error", id: "error", data: INTERRUPTED }];
  if (finishReason === null) return [];
  const summary = new TurnSummary();
  for (const step of extra.steps) summary.add(step);
  const result = { finishReason, switches: extra.switches, omittedTurns: extra.omitted_turns };
  const turn = summary.of({ ...result, text: "", sent: "", decisions: [] });
  return [
    ...(extra.practice === null ? [] : [{ type: "data-practice" as const, id: "practice", data: extra.practice }]),
    { type: "data-turn", id: "turn", data: turn },
  ];
}
