const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ";
const RAISED = "0123456789+-n";
const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

const VULGAR_FRACTIONS: Readonly<Record<string, string>> = {
  "½": "1/2",
  "⅓": "1/3",
  "⅔": "2/3",
  "¼": "1/4",
  "¾": "3/4",
  "⅕": "1/5",
  "⅖": "2/5",
  "⅗": "3/5",
  "⅘": "4/5",
  "⅙": "1/6",
  "⅚": "5/6",
  "⅛": "1/8",
  "⅜": "3/8",
  "⅝": "5/8",
  "⅞": "7/8",
};

const CHARACTERS: readonly (readonly [RegExp, string])[] = [
  [/[\u2010-\u2015\u2212\ufe63\uff0d]/g, "-"],
  [/[×·⋅∙•∗⨯✕✖]/g, "*"],
  [/[÷∕⁄➗]/g, "/"],
  [/\*\*/g, "^"],
  [/°\s*C\b|℃/g, " degC"],
  [/°\s*F\b|℉/g, " degF"],
  [/[°º]/g, " deg "],
  [/√/g, " sqrt "],
  [/∛/g, " cbrt "],
  [/[πΠ𝜋]/gu, " pi "],
  [/Ω/g, " ohm "],
  [/[μµ]/g, "u"],
  // A thousands separator that cannot be anything else.
  [/(?<=\d)[\u00a0\u2009\u202f'’](?=\d{3}(?!\d))/g, ""],
  [/[\u00a0\u2000-\u200a\u202f\u205f\u3000\t\r\n]/g, " "],
];

/** The symbols of written mathematics as the plain characters that stand for them: `2·3` is `2*3`, `5²` is `5^(2)`. */
export function replaceSymbols(written: string): string {
  let text = written.replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ]+/g, (run) => `^(${translate(run, SUPERSCRIPTS, RAISED)})`);
  text = text.replace(/[₀₁₂₃₄₅₆₇₈₉]+/g, (run) => `_${translate(run, SUBSCRIPTS, RAISED)}`);
  text = text.replace(/(\d*)\s?([½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])/g, (_, whole: string, sign: string) => {
    const fraction = VULGAR_FRACTIONS[sign] ?? "";
    return whole === "" ? `(${fraction})` : `(${whole}+${fraction})`;
  });
  for (const [pattern, plain] of CHARACTERS) text = text.replace(pattern, plain);
  return text.normalize("NFKC");
}

function translate(run: string, from: string, to: string): string {
  return Array.from(run, (character) => to[from.indexOf(character)] ?? "").join("");
}
