import { createHash } from "node:crypto";
import { LIBRARIES } from "../../lib/agent";
import { BYTE_ALPHABET } from "../../lib/gguf/vocabulary";
import { CONVERSATION } from "./conversation";

/** Of a real vocabulary of English, such as SmolLM2's, on such texts. */
const CHARACTERS_A_TOKEN = 4.4;
/** One token each in real vocabularies, with the space before them. */
export const ANSWER_LABELS = ["yes", "no", "vague", "unclear", "both", "neither", "guide", "practice"].map(
  (label) => ` ${label}`,
);

/** What a library says of its texts. */
const SAID_TO_NOBODY = new Set(["purpose", "trigger"]);

/** Qwen2's rule for what is never merged across (llama.cpp, src/llama-vocab.cpp, `LLAMA_VOCAB_PRE_TYPE_QWEN2`). */
const PIECES =
  /(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+/gu;

export interface EnglishVocabulary {
  /** The most urgent first. */
  merges: [left: string, right: string][];
  /** What is one token each: words with the space before them, and what a text can begin with; the commonest first. */
  spacedWords: string[];
  bareWords: string[];
}

interface Piece {
  text: string;
  count: number;
  symbols: string[];
}

/**
 * A byte-level BPE vocabulary learned from the prompts themselves, up to the length of a token that real vocabularies have.
 * The made-up words of a synthetic model would not do: English comes out of them letter by letter, so that every prompt
 * is three times as long as in use, and a label of one token has seven.
 *
 * Texts are in GPT-2's byte alphabet. Sennrich et al. 2016, "Neural Machine Translation of Rare Words with Subword Units".
 */
export function learnVocabulary(mostMerges: number): EnglishVocabulary {
  const pieces = piecesOf(corpus());
  const characters = pieces.reduce((sum, { text, count }) => sum + text.length * count, 0);
  const merges: EnglishVocabulary["merges"] = [];
  for (const whole of ["\n\n", ...ANSWER_LABELS]) mergeWhole(encode(whole), pieces, merges);
  while (merges.length < mostMerges && characters < CHARACTERS_A_TOKEN * tokenCount(pieces)) {
    const pair = commonestPair(pieces);
    if (pair === null) break;
    merges.push(pair);
    for (const piece of pieces) piece.symbols = merged(piece.symbols, pair);
  }
  const words = pieces.filter(({ symbols }) => symbols.length === 1).sort((one, other) => other.count - one.count);
  const whole = (pattern: RegExp) => words.map(({ text }) => text).filter((text) => pattern.test(text));
  const parts = merges.map((pair) => pair.join("")).filter((text) => /^[a-z]{3,}$/.test(text));
  const bareWords = new Set([...whole(/^[A-Z][a-z]+$/), ...parts]);
  return { merges, spacedWords: whole(/^\u0120[a-z]{2,}$/), bareWords: [...bareWords] };
}

/** A text in the byte alphabet: one character for each of its bytes. */
export function encode(text: string): string {
  return [...Buffer.from(text, "utf8")].map((byte) => BYTE_ALPHABET[byte] ?? "").join("");
}

/** All that is said to a model, and what a student and a tutor say. */
function corpus(): string[] {
  return [...textsIn(LIBRARIES), ...CONVERSATION.flatMap(({ message, answer, notes }) => [message, answer, notes])];
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => (SAID_TO_NOBODY.has(key) ? [] : textsIn(part)));
}

function piecesOf(texts: string[]): Piece[] {
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const piece of text.match(PIECES) ?? []) counts.set(encode(piece), (counts.get(encode(piece)) ?? 0) + 1);
  const pieces = [...counts].map(([text, count]) => ({ text, count, symbols: [...text] }));
  // Pairs that are equally common are merged in this order: no text of the corpus should come before another.
  const place = ({ text }: Piece) => createHash("sha256").update(text).digest("hex");
  return pieces.sort((one, other) => (place(one) < place(other) ? -1 : 1));
}

/** Merges a word from its beginning on, which takes no letter from words that begin otherwise. */
function mergeWhole(text: string, pieces: Piece[], merges: EnglishVocabulary["merges"]): void {
  for (let length = 1; length < text.length; length++) {
    const pair: [string, string] = [text.slice(0, length), text.charAt(length)];
    if (merges.some(([left, right]) => left === pair[0] && right === pair[1])) continue;
    merges.push(pair);
    for (const piece of pieces) piece.symbols = merged(piece.symbols, pair);
  }
}

function commonestPair(pieces: Piece[]): [string, string] | null {
  const counts = new Map<string, number>();
  for (const { symbols, count } of pieces)
    for (let index = 1; index < symbols.length; index++) {
      const pair = `${symbols[index - 1]} ${symbols[index]}`;
      counts.set(pair, (counts.get(pair) ?? 0) + count);
    }
  const best = [...counts].reduce<[string, number] | null>(
    (most, next) => (next[1] > (most?.[1] ?? 0) ? next : most),
    null,
  );
  return best === null ? null : (best[0].split(" ") as [string, string]);
}

function merged(symbols: string[], [left, right]: [string, string]): string[] {
  const result: string[] = [];
  for (const symbol of symbols) {
    if (symbol === right && result.at(-1) === left) result[result.length - 1] = left + right;
    else result.push(symbol);
  }
  return result;
}

function tokenCount(pieces: Piece[]): number {
  return pieces.reduce((sum, { symbols, count }) => sum + symbols.length * count, 0);
}
