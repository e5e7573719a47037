/** Character references that models write; the others of HTML stay as they were written. */
const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  apos: "'",
  asymp: "≈",
  bull: "•",
  cent: "¢",
  copy: "©",
  deg: "°",
  divide: "÷",
  euro: "€",
  ge: "≥",
  gt: ">",
  hellip: "…",
  infin: "∞",
  laquo: "«",
  larr: "←",
  ldquo: "“",
  le: "≤",
  lsquo: "‘",
  lt: "<",
  mdash: "—",
  middot: "·",
  minus: "−",
  nbsp: "\u00a0",
  ndash: "–",
  ne: "≠",
  pi: "π",
  plusmn: "±",
  pound: "£",
  quot: '"',
  raquo: "»",
  rarr: "→",
  rdquo: "”",
  reg: "®",
  rsquo: "’",
  sect: "§",
  shy: "\u00ad",
  sum: "∑",
  thinsp: "\u2009",
  times: "×",
  trade: "™",
};

/** The text with `&amp;`, `&#64;` and `&#x40;` read as CommonMark reads them. The result is text, and never HTML again. */
export function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(\w{2,8}));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return Object.hasOwn(NAMED, name as string) ? NAMED[name as string]! : whole;
    const point = decimal === undefined ? parseInt(hex as string, 16) : Number(decimal);
    return isShown(point) ? String.fromCodePoint(point) : "\ufffd";
  });
}

/** Not a control character, a turn of direction, half of a surrogate pair, or beyond Unicode: `cleanText` removes those. */
function isShown(point: number): boolean {
  if (point < 0x20) return point === 9 || point === 10;
  if (point >= 0x7f && point <= 0x9f) return false;
  if ((point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069)) return false;
  return point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
}
