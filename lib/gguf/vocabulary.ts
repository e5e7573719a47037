import { SeededRandom } from "./random";

/** Token types as in `llama_token_type` (llama.h). */
export const TOKEN_NORMAL = 1;
export const TOKEN_CONTROL = 3;
export const TOKEN_USER_DEFINED = 4;

/** Words of one voice, the likeliest first. */
export interface WordSet {
  /** Begin a text: "toma". */
  bare: number[];
  /** Go on with it: " toma". */
  spaced: number[];
}

export interface Vocabulary {
  /** Token texts as the file has them: every byte is one character of the GPT-2 alphabet. Bytes are tokens 0 to 255. */
  tokens: string[];
  types: Int32Array;
  /** "left right", the most urgent first. */
  merges: string[];
  /** The token of two line breaks; null in the smallest vocabulary. */
  paragraph: number | null;
  endOfText: number;
  messageStart: number;
  messageEnd: number;
  thoughtStart: number | null;
  thoughtEnd: number | null;
  answerWords: WordSet;
  thoughtWords: WordSet;
}

const CONSONANTS = "bdfghjklmnprstvz";
const VOWELS = "aeiou";
const CODAS = "nrsl";

/** GPT-2's byte alphabet: printable bytes stand for themselves, the others for U+0100 and up (openai/gpt-2 encoder.py). */
export const BYTE_ALPHABET: readonly string[] = (() => {
  const alphabet: string[] = [];
  let next = 256;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    alphabet.push(String.fromCharCode(printable ? byte : next++));
  }
  return alphabet;
})();

/** The smallest vocabulary: bytes and control tokens, no merges. */
export function minimumVocabularySize(thinks: boolean): number {
  return 256 + controlTexts(thinks).length;
}

function controlTexts(thinks: boolean): string[] {
  const texts = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];
  return thinks ? [...texts, "<think>", "</think>"] : texts;
}

/**
 * A byte-level BPE vocabulary of pronounceable words. Every merged token is what the merges make of its own text: single
 * syllables are merged before pairs, and a leading space last, so no merge steals a letter another token needs.
 *
 * @param size number of tokens, at least `minimumVocabularySize`
 * @param seed which words, and which of them are common
 * @throws TypeError when the size is too small, or larger than the syllables can fill (about 400,000)
 */
export function buildVocabulary(size: number, seed: number, thinks: boolean): Vocabulary {
  const controls = controlTexts(thinks);
  const mergedCount = size - 256 - controls.length;
  if (mergedCount < 0) throw new TypeError(`vocabularySize must be at least ${minimumVocabularySize(thinks)}`);
  const random = new SeededRandom(`vocabulary.${seed}`);
  const tokens = [...BYTE_ALPHABET];
  const merges: string[] = [];
  const add = (left: string, right: string): number => {
    merges.push(`${left} ${right}`);
    return tokens.push(left + right) - 1;
  };
  const lineBreak = BYTE_ALPHABET[10] as string;
  const space = BYTE_ALPHABET[32] as string;
  const paragraph = mergedCount > 0 ? add(lineBreak, lineBreak) : null;
  const bareCount = Math.ceil(Math.max(0, mergedCount - 1) / 2);
  const bare = chooseWords(bareCount, random).map(([left, right]) => add(left, right));
  const spacedCount = Math.max(0, mergedCount - 1 - bareCount);
  const spaced = random
    .shuffle([...bare])
    .slice(0, spacedCount)
    .map((token) => add(space, tokens[token] as string));
  const types = new Int32Array(size).fill(TOKEN_NORMAL);
  const controlIds = controls.map((text, index) => {
    const id = tokens.push(text) - 1;
    // As in Qwen3: the chat marks are control tokens, the thought marks are ordinary text of one token.
    types[id] = index < 3 ? TOKEN_CONTROL : TOKEN_USER_DEFINED;
    return id;
  });
  return {
    tokens,
    types,
    merges,
    paragraph,
    endOfText: controlIds[0] as number,
    messageStart: controlIds[1] as number,
    messageEnd: controlIds[2] as number,
    thoughtStart: controlIds[3] ?? null,
    thoughtEnd: controlIds[4] ?? null,
    ...shareWords(random.shuffle(bare), spaced, thinks),
  };
}

/** Left and right halves of `count` different words in the order in which they must be merged. */
function chooseWords(count: number, random: SeededRandom): [string, string][] {
  const open = random.shuffle([...CONSONANTS].flatMap((consonant) => [...VOWELS].map((vowel) => [consonant, vowel])));
  const words = open.slice(0, count) as [string, string][];
  const openSyllables = words.map(([left, right]) => left + right);
  const closed = random.shuffle(openSyllables.flatMap((syllable) => [...CODAS].map((coda) => [syllable, coda])));
  const left = count - words.length;
  // A third of the rest: enough closed syllables to sound varied, enough pairs to look like words.
  words.push(...(closed.slice(0, Math.ceil(left / 3)) as [string, string][]));
  const syllables = words.map(([first, second]) => first + second);
  const pairs = new Set<number>();
  const needed = count - words.length;
  if (needed > syllables.length ** 2 / 2) throw new TypeError("vocabularySize is larger than the syllables can fill");
  while (pairs.size < needed) pairs.add(random.integer(syllables.length ** 2));
  for (const pair of pairs) {
    words.push([
      syllables[Math.floor(pair / syllables.length)] as string,
      syllables[pair % syllables.length] as string,
    ]);
  }
  return words;
}

/**
 * Thoughts and answers have words of their own: the last token then says which of the two is being written, and that is
 * all the memory a model of random weights has. A vocabulary without words falls back to letters.
 */
function shareWords(
  bare: number[],
  spaced: number[],
  thinks: boolean,
): Pick<Vocabulary, "answerWords" | "thoughtWords"> {
  const enough = spaced.length >= 2;
  const answers = { bare: enough ? bare : letters("a"), spaced: enough ? spaced : [32, ...letters("a")] };
  if (!thinks) return { answerWords: answers, thoughtWords: answers };
  if (!enough) return { answerWords: answers, thoughtWords: { bare: letters("A"), spaced: letters("A") } };
  const every = (items: number[], parity: number) => items.filter((_, index) => index % 2 === parity);
  return {
    answerWords: { bare: every(bare, 0), spaced: every(spaced, 0) },
    thoughtWords: { bare: every(bare, 1), spaced: every(spaced, 1) },
  };
}

function letters(first: string): number[] {
  return Array.from({ length: 26 }, (_, index) => first.charCodeAt(0) + index);
}
