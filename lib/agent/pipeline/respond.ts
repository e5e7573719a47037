import { MemwellError } from "../../errors";
import type { FinishReason } from "../../engine";
import type { AgentEvent, AgentSlot, TurnRequest } from "../contract";
import type { AnswerStream } from "../post-process";
import type { ResponsePrompt } from "../prompts";
import { throwIfStopped, type TurnSteps } from "./turn-steps";

/**
 * Steps 6 and 7 of a turn: the response model answers, and what the visitor sees of it is put right while it streams. A
 * model that goes on after its answer, with words for somebody else, is stopped.
 *
 * @param given.buildPrompt asks the model how long a prompt is, which is part of the step
 * @param given.answer what is shown; it holds the text so far also when this throws
 * @throws MemwellError what ends the model
 */
export function respond<Wait>(
  steps: TurnSteps<Wait>,
  given: {
    slot: AgentSlot;
    buildPrompt: () => Promise<ResponsePrompt>;
    request: Pick<TurnRequest, "sampling" | "stop" | "maxTokens" | "maxThoughtTokens">;
    answer: AnswerStream;
  },
  signal: AbortSignal,
): AsyncGenerator<AgentEvent<Wait>, { finishReason: FinishReason; prompt: ResponsePrompt }, void> {
  const { slot, answer } = given;
  const { sampling, stop, maxTokens, maxThoughtTokens } = given.request;
  return steps.run({ name: "response", detail: null, role: "response" }, async function* (report) {
    throwIfStopped(signal);
    report.slot = slot;
    const prompt = await given.buildPrompt();
    const { messages, staticMessages } = prompt;
    const enough = new AbortController();
    const either = AbortSignal.any([signal, enough.signal]);
    let remaining = maxTokens ?? Infinity;
    let finishReason: FinishReason = "aborted";
    const request = { prompt: { messages, staticMessages }, sampling, stop, maxTokens, maxThoughtTokens };
    for await (const event of slot.generate(request, { signal: either })) {
      if (event.type === "prompt") remaining = Math.min(remaining, slot.model.contextSize - event.promptTokens);
      if (event.type === "prefill") yield event;
      if (event.type === "thought") {
        remaining -= event.tokens;
        yield { type: "thought", kind: "response", text: event.text };
      }
      if (event.type === "text") {
        remaining -= event.tokens;
        const shown = answer.push(event.text, Math.max(0, remaining));
        if (shown !== "") yield { type: "text", text: shown };
        if (answer.isOver) enough.abort();
      }
      if (event.type === "failed") throw MemwellError.fromRecord(event.error);
      if (event.type !== "done") continue;
      report.add(event.usage, event.prefillMs, event.decodeMs);
      finishReason = answer.isOver && !signal.aborted ? "stop" : event.finishReason;
    }
    report.isAborted = finishReason === "aborted";
    const last = answer.end(finishReason);
    if (last !== "") yield { type: "text", text: last };
    return { finishReason, prompt };
  });
}
