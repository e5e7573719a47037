import type { PromptForm } from "./contract";

/** Largest numbers of tokens, by `estimateTokens`, that the texts of a library may take. A test holds every library to it. */
export const TEXT_BUDGETS = {
  identity: { full: 150, compact: 30 },
  segment: { full: 150, compact: 20 },
  /** One question's definition. */
  question: { full: 60, compact: 24 },
  /** One kind of notes. */
  thinking: { full: 70, compact: 20 },
  cue: { full: 24, compact: 8 },
  /** Everything the reasoning model is told before it sees the conversation. */
  decisionInstructions: { full: 700, compact: 190 },
} as const satisfies Record<string, Record<PromptForm, number>>;

/** Tokens of a conversation that the reasoning model is shown; longer messages are cut in the middle. */
export const TRANSCRIPT_BUDGETS = {
  message: { full: 400, compact: 90 },
  answer: { full: 64, compact: 36 },
  /** All earlier turns together. */
  history: { full: 900, compact: 400 },
} as const satisfies Record<string, Record<PromptForm, number>>;

export const MOST_CHARACTERS_A_TOKEN = 4;

/**
 * About how many tokens a text is, without a model: four letters of English make a token, and a digit, a sign, or a letter
 * of another alphabet makes one by itself. Rather too many than too few.
 */
export function estimateTokens(text: string): number {
  const letters = text.match(/[A-Za-z ]/g)?.length ?? 0;
  return Math.ceil(letters / MOST_CHARACTERS_A_TOKEN) + (text.length - letters);
}
