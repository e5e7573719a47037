import type { Dice } from "./dice";

const SMALL_WORDS = /\b(?:the|a|an|of|is|are|to|do|does|me|please|about)\b ?/gi;
/** A letter's neighbours on a keyboard. */
const NEIGHBOURS: Readonly<Record<string, string>> = {
  a: "sq",
  b: "vn",
  c: "xv",
  d: "sf",
  e: "wr",
  f: "dg",
  g: "fh",
  h: "gj",
  i: "uo",
  j: "hk",
  k: "jl",
  l: "k",
  m: "n",
  n: "bm",
  o: "ip",
  p: "o",
  q: "wa",
  r: "et",
  s: "ad",
  t: "ry",
  u: "yi",
  v: "cb",
  w: "qe",
  x: "zc",
  y: "tu",
  z: "x",
};

/**
 * A message as somebody in a hurry writes it: without capitals, without marks, with a letter wrong, with a small word
 * missing. Half of all messages stay as they are. Formulas and numbers stay always.
 */
export function withNoise(message: string, dice: Dice): string {
  if (dice.chance(0.5)) return message;
  let text = message;
  if (dice.chance(0.5)) text = text.toLowerCase();
  if (dice.chance(0.4)) text = text.replace(/[.?!]+$/, "");
  if (dice.chance(0.2)) text = text.replace(/(?<=\w)'(?=\w)/g, "");
  if (dice.chance(0.15)) text = withoutSmallWord(text, dice);
  if (dice.chance(0.3)) text = withTypo(text, dice);
  if (dice.chance(0.08)) text = withTypo(text, dice);
  if (dice.chance(0.03)) text = text.toUpperCase();
  return text.trim() === "" ? message : text;
}

function withoutSmallWord(text: string, dice: Dice): string {
  const found = [...text.matchAll(SMALL_WORDS)];
  if (found.length === 0) return text;
  const { index, 0: word } = dice.pick(found);
  return `${text.slice(0, index)}${text.slice(index + word.length)}`;
}

/** One letter of one longer word swapped, dropped, doubled, or hit beside. */
function withTypo(text: string, dice: Dice): string {
  const words = [...text.matchAll(/(?<![\w$\\^{])[A-Za-z]{4,}(?![\w$^}])/g)];
  if (words.length === 0) return text;
  const { index, 0: word } = dice.pick(words);
  const at = dice.between(1, word.length - 2);
  const [before, letter, after] = [word.slice(0, at), word.charAt(at), word.slice(at + 1)];
  const beside = dice.pick([...(NEIGHBOURS[letter.toLowerCase()] ?? letter)]);
  const wrong = dice.pick([
    `${before}${after.charAt(0)}${letter}${after.slice(1)}`,
    `${before}${after}`,
    `${before}${letter}${letter}${after}`,
    `${before}${beside}${after}`,
  ]);
  return `${text.slice(0, index)}${wrong}${text.slice(index + word.length)}`;
}
