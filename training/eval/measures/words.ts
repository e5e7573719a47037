const TOKEN = /\\[a-z]+|\p{L}+(?:['’]\p{L}+)*|\d+(?:[.,]\d+)*|[=+\-−*/^<>%]/giu;

/** Words, numbers, LaTeX commands and signs of a text, in order; Markdown's marks are none. */
export function tokensOf(text: string): string[] {
  const plain = text
    .normalize("NFKC")
    .replace(/\*{1,3}(?=\S)|(?<=\S)\*{1,3}/g, "")
    .replace(/^[ \t]*[-*+>][ \t]+/gm, "");
  return (plain.match(TOKEN) ?? []).map((token) => token.toLowerCase().replace("’", "'"));
}

/** The numbers of a text, in order. */
export function numbersOf(text: string): string[] {
  return tokensOf(text).filter((token) => /^\d/.test(token));
}

const STOP_WORDS = new Set(
  (
    "a an the and or but if then so as of to in on at by for from with without about into over under than that this these " +
    "those it its is are was were be been being do does did has have had can could will would shall should may might must i " +
    "you he she we they me him her us them my your his our their what which who whom whose when where why how not no yes one " +
    "each every some any all both more most less other another such only own same too very just also there here up down out " +
    "let us let's it's don't again once own between through while because until both few many much"
  ).split(" "),
);

/** What a text is about: its words without small ones, without endings. */
export function stemsOf(text: string): string[] {
  return tokensOf(text)
    .filter((token) => /^[\p{L}\d]/u.test(token) && !STOP_WORDS.has(token))
    .map(stemOf);
}

/** Cuts the endings of English words off, roughly: both sides of a comparison are cut alike. */
function stemOf(word: string): string {
  if (word.length < 5 || /\d/.test(word)) return word.replace(/(?<=\w{3})s$/, "");
  return word
    .replace(/(?:'s|ies|es|s|ing|ed|ly)$/, (ending) => (ending === "ies" ? "y" : ""))
    .replace(/(?:ation|ition|ions?|ement|ity|al|ive|er|or|e|y)$/, (ending, at: number) => (at >= 4 ? "" : ending));
}
