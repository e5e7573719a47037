import type { LlamaModel, Token } from "node-llama-cpp";

/** How far to look for a place where two spellings of the same text meet again, in tokens. */
const MAX_RESYNC = 64;

/**
 * A prompt in the tokens a sequence already holds.
 *
 * What a model generated need not be what the tokenizer makes of the same text: "the" may have come as "t" + "he". Read
 * back as history such an answer looks different from the first such place on, and everything after it would be evaluated
 * again. So where the texts are the same, the held tokens stand in for the prompt's.
 *
 * @returns the prompt's tokens, and how many at their beginning are held.
 */
export function alignToHeld(
  model: Pick<LlamaModel, "detokenize" | "isSpecialToken">,
  prompt: readonly Token[],
  held: readonly Token[],
): { tokens: Token[]; held: number } {
  const tokens: Token[] = [];
  let promptIndex = 0;
  let heldIndex = 0;
  while (promptIndex < prompt.length && heldIndex < held.length) {
    if (prompt[promptIndex] === held[heldIndex]) {
      tokens.push(held[heldIndex] as Token);
      promptIndex++;
      heldIndex++;
      continue;
    }
    const meeting = resync(model, prompt, promptIndex, held, heldIndex);
    if (meeting === null) break;
    for (let index = heldIndex; index < meeting.heldIndex; index++) tokens.push(held[index] as Token);
    promptIndex = meeting.promptIndex;
    heldIndex = meeting.heldIndex;
  }
  const heldLength = tokens.length;
  for (let index = promptIndex; index < prompt.length; index++) tokens.push(prompt[index] as Token);
  return { tokens, held: heldLength };
}

/** The nearest place where both have spelled the same text; control tokens are never part of a spelling. */
function resync(
  model: Pick<LlamaModel, "detokenize" | "isSpecialToken">,
  prompt: readonly Token[],
  promptStart: number,
  held: readonly Token[],
  heldStart: number,
): { promptIndex: number; heldIndex: number } | null {
  let promptIndex = promptStart;
  let heldIndex = heldStart;
  let promptText = "";
  let heldText = "";
  for (let step = 0; step < MAX_RESYNC; step++) {
    const advancePrompt = promptText.length <= heldText.length;
    const token = advancePrompt ? prompt[promptIndex] : held[heldIndex];
    if (token === undefined || model.isSpecialToken(token)) return null;
    if (advancePrompt) promptText = textBetween(model, prompt, promptStart, ++promptIndex);
    else heldText = textBetween(model, held, heldStart, ++heldIndex);
    // A cut UTF-8 sequence shows as U+FFFD: neither the same text nor another one yet.
    if (promptText.includes("\uFFFD") || heldText.includes("\uFFFD")) continue;
    if (promptText === heldText && heldIndex > heldStart && promptIndex > promptStart)
      return { promptIndex, heldIndex };
    if (!promptText.startsWith(heldText) && !heldText.startsWith(promptText)) return null;
  }
  return null;
}

/** The token before goes along, since some vocabularies drop a leading space that follows nothing. */
function textBetween(
  model: Pick<LlamaModel, "detokenize">,
  tokens: readonly Token[],
  start: number,
  end: number,
): string {
  return model.detokenize(tokens.slice(start, end), false, tokens.slice(Math.max(0, start - 1), start));
}
