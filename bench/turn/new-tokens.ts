import { getLlama, LlamaLogLevel } from "node-llama-cpp";
import type { PromptForm } from "../../lib/agent";
import { reasoningInstructions } from "../../lib/agent/prompts/reasoning-prefix";
import { transcriptOf } from "../../lib/agent/prompts/transcript";
import { instructionsOf, LIBRARY } from "./instructions";
import type { TurnCost } from "./world";

export type CountTokens = (text: string) => number;

/** Counts as the model at `path` does, without loading its weights, until it is closed. */
export async function openCounter(path: string): Promise<{ count: CountTokens; close: () => Promise<void> }> {
  const llama = await getLlama({ gpu: false, build: "never", logLevel: LlamaLogLevel.error });
  const model = await llama.loadModel({ modelPath: path, vocabOnly: true });
  return {
    count: (text) => model.tokenize(text).length,
    async close() {
      await model.dispose();
      await llama.dispose();
    },
  };
}

/**
 * Tokens of a turn that nobody could have evaluated before it:
 *
 * - for the response model the last message as it was sent: segments, tool results, notes, and what the student wrote;
 * - for the reasoning model, where it is asked at all, what the student wrote, and the tutor's last answer, which another
 *   model wrote; both as they are shown, so cut where they are long; and of each question its own tokens;
 * - in the first turn of a fresh folder the instructions of both.
 *
 * The marks of the chat template count as nothing, and are part of what is prefilled.
 */
export async function newTokens(
  { sent, steps, history, message }: TurnCost,
  form: PromptForm,
  count: CountTokens,
  { isFirst }: { isFirst: boolean },
): Promise<number> {
  let total = count(sent);
  const questions = steps.filter(({ name }) => name === "decision");
  if (isFirst) total += count(await instructionsOf(form));
  if (questions.length === 0) return total;
  const last = history.slice(-1);
  const shown = transcriptOf(LIBRARY, form, { message, history: last }, { withHistory: true });
  const known = last
    .map((turn) => transcriptOf(LIBRARY, form, { ...turn, history: [] }, { withHistory: true }))
    .join("");
  total += count(shown.slice(known.length));
  if (isFirst) total += count(reasoningInstructions(LIBRARY, form));
  return total + questions.reduce((sum, { detail }) => sum + count(`${detail}:`), 0);
}

export function prefilledTokens({ steps }: Pick<TurnCost, "steps">): number {
  return steps.reduce((sum, { prefilled }) => sum + prefilled, 0);
}
