import type { Vocabulary, WordSet } from "./vocabulary";

/**
 * What the model is to say, as a table: after a token of class X, token t has logit L. A model of random weights cannot
 * remember more than its last token, so the last token's class is all there is; each class is a direction of its own in
 * the residual stream (see synthetic-model.ts).
 */
export const TOKEN_CLASSES = [
  "prompt", // the line break that ends "<|im_start|>assistant\n"
  "thoughtStart",
  "thought",
  "thoughtEnd",
  "answerStart", // two line breaks
  "answer", // every other token
] as const;
export type TokenClass = (typeof TOKEN_CLASSES)[number];

export interface TokenBehaviour {
  /** Index into `TOKEN_CLASSES` of each token. */
  classes: Uint8Array;
  /** Logits after a token of each class: `logits[class][token]`. */
  logits: Float32Array[];
}

/** Practically never sampled, yet finite: a grammar that allows nothing else still finds its token. */
const FORBIDDEN = -30;
const CLASS = Object.fromEntries(TOKEN_CLASSES.map((name, index) => [name, index])) as Record<TokenClass, number>;

/** Average lengths in tokens of what lies between the marks. */
const ANSWER_TOKENS = 130;
const THOUGHT_TOKENS = 65;

/**
 * About fifty common words and a long tail that weighs little, so that a vocabulary of any size ends its answers equally
 * often, also when a sampler cuts the tail off.
 */
function wordShare(rank: number): number {
  return 1 / (1 + (rank / 30) ** 2);
}

/** The table for a vocabulary; `thinks` decides what follows the prompt. */
export function tokenBehaviour(vocabulary: Vocabulary): TokenBehaviour {
  const size = vocabulary.tokens.length;
  const classes = new Uint8Array(size).fill(CLASS.answer);
  const logits = TOKEN_CLASSES.map(() => new Float32Array(size).fill(FORBIDDEN));
  const set = (name: TokenClass, token: number | null, logit: number): void => {
    const row = logits[CLASS[name]];
    if (token !== null && row !== undefined) row[token] = logit;
  };
  const words = (name: TokenClass, tokens: readonly number[]): number => {
    tokens.forEach((token, rank) => set(name, token, Math.log(wordShare(rank))));
    return tokens.reduce((sum, _, rank) => sum + wordShare(rank), 0);
  };
  const marks = (name: TokenClass, total: number, shares: Record<string, number>): void => {
    for (const [mark, share] of Object.entries(shares)) set(name, mark.charCodeAt(0), Math.log(total * share));
  };

  const { answerWords, thoughtWords, thoughtStart, thoughtEnd, paragraph, messageEnd } = vocabulary;
  classes[10] = CLASS.prompt;
  if (paragraph !== null) classes[paragraph] = CLASS.answerStart;
  words("answerStart", answerWords.bare);
  const answerTotal = words("answer", answerWords.spaced);
  // A quotation mark now and then: without it a text inside JSON would never end.
  marks("answer", answerTotal, { ...ASCII_MARKS, ".": 1 / 14, "?": 1 / 60, "!": 1 / 80, '"': 1 / 40 });
  set("answer", messageEnd, Math.log(answerTotal / ANSWER_TOKENS));
  if (thoughtStart === null || thoughtEnd === null) {
    words("prompt", answerWords.bare);
    marks("answer", answerTotal, { ",": 1 / 16 });
    return { classes, logits };
  }

  set("prompt", thoughtStart, 0);
  // In an answer they would begin a thought.
  for (const mark of [",", ";"]) set("answer", mark.charCodeAt(0), FORBIDDEN);
  classes[thoughtStart] = CLASS.thoughtStart;
  classes[thoughtEnd] = CLASS.thoughtEnd;
  markThoughtWords(classes, thoughtWords);
  words("thoughtStart", thoughtWords.bare);
  const thoughtTotal = words("thought", thoughtWords.spaced);
  marks("thought", thoughtTotal, { ",": 1 / 12, ";": 1 / 40 });
  set("thought", thoughtEnd, Math.log(thoughtTotal / THOUGHT_TOKENS));
  if (paragraph !== null) set("thoughtEnd", paragraph, 0);
  else words("thoughtEnd", answerWords.bare);
  return { classes, logits };
}

/** Digits, brackets and the like: rare in a text, and ready when a grammar asks for them. */
const ASCII_MARKS: Record<string, number> = Object.fromEntries(
  [..."0123456789{}[]:,-'()"].map((mark) => [mark, 1 / 5000]),
);

/** Only thoughts have commas and semicolons in a thinking model, so they too say that a thought goes on. */
function markThoughtWords(classes: Uint8Array, { bare, spaced }: WordSet): void {
  for (const token of [...bare, ...spaced, ",".charCodeAt(0), ";".charCodeAt(0)]) classes[token] = CLASS.thought;
}
