const QUOTES = /[\u2018\u2019\u02BC\u00B4`]/g;
const INVISIBLE = /[\u200B-\u200D\u2060\uFEFF\uFE0E\uFE0F]/g;
const AROUND_WORDS = /[^\p{L}\p{N}\p{M}'%+]+/gu;

/** In lower case, with straight apostrophes and single spaces: what rules look for wordings in. */
export function lowerText(text: string): string {
  return text.normalize("NFC").replace(QUOTES, "'").replace(INVISIBLE, "").toLowerCase().replace(/\s+/g, " ").trim();
}

/** The words alone, with nothing but single spaces between them; no punctuation, no emoji. */
export function wordsOf(text: string): string {
  return lowerText(text).replace(AROUND_WORDS, " ").trim();
}

export function countWords(text: string): number {
  const words = wordsOf(text);
  return words === "" ? 0 : words.split(" ").length;
}

/** A pattern of any of the given ones, as whole words. Letters of every alphabet make words. */
export function anyWord(...patterns: string[]): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${patterns.join("|")})(?![\\p{L}\\p{N}])`, "u");
}

/** A pattern for a text that is any of the given ones and nothing else. */
export function onlyWords(...patterns: string[]): RegExp {
  return new RegExp(`^(?:${patterns.join("|")})$`, "u");
}
