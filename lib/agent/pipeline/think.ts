import { MemwellError } from "../../errors";
import type { AgentEvent, AgentSlot } from "../contract";
import type { ThinkingPrompt, ThinkingText } from "../prompts";
import { throwIfStopped, type TurnSteps } from "./turn-steps";

/**
 * Step 5 of a turn: the reasoning model writes its notes, one kind after the other, streamed as it writes. What a model
 * that thinks by itself writes into its thought are notes as well.
 *
 * @param given.notes each kind is added to it when it is written: those written before a failure are kept.
 * @throws MemwellError what ends the model, `aborted`
 */
export async function* think<Wait>(
  steps: TurnSteps<Wait>,
  given: {
    slot: AgentSlot;
    prompts: readonly ThinkingPrompt[];
    maxTokens: number | undefined;
    seed: number | undefined;
    notes: ThinkingText[];
  },
  signal: AbortSignal,
): AsyncGenerator<AgentEvent<Wait>, void, void> {
  const { slot, prompts, maxTokens: limit = Infinity, seed, notes } = given;
  const sampling = seed === undefined ? undefined : { seed };
  for (const { kind, messages, staticMessages, maxThoughtTokens } of prompts) {
    const maxTokens = Math.min(limit, maxThoughtTokens);
    if (maxTokens < 1) continue;
    const text = yield* steps.run({ name: "thinking", detail: kind, role: "reasoning" }, async function* (report) {
      throwIfStopped(signal);
      report.slot = slot;
      let written = "";
      const request = { prompt: { messages, staticMessages }, maxTokens, sampling };
      for await (const event of slot.generate(request, { signal })) {
        if (event.type === "prefill") yield event;
        if (event.type === "thought" || event.type === "text") {
          written += event.text;
          yield { type: "thought", kind, text: event.text };
        }
        if (event.type === "failed") throw MemwellError.fromRecord(event.error);
        if (event.type !== "done") continue;
        report.add(event.usage, event.prefillMs, event.decodeMs);
        if (event.finishReason === "aborted") throw new MemwellError("aborted", "The turn was stopped.");
      }
      return written;
    });
    if (text.trim() !== "") notes.push({ kind, text });
  }
}
