import { unreadable } from "./refuse";

const FRACTION = /\\[dtc]?frac/y;
const ROOT = /\\sqrt/y;

const COMMANDS: readonly (readonly [RegExp, string])[] = [
  [/\$+|\\[()[\]]/g, " "],
  [/\\(?:left|right|big|Big|displaystyle)(?![a-zA-Z])/g, ""],
  [/\\[,;:! ]|~/g, " "],
  [/\\(?:cdot|times|ast)(?![a-zA-Z])/g, "*"],
  [/\\div(?![a-zA-Z])/g, "/"],
  [/\^\s*\{?\s*\\circ\s*\}?|\\degree(?![a-zA-Z])/g, "°"],
  [/\\%/g, "%"],
  [/\\(?:text|mathrm|operatorname)\s*\{([a-zA-Z ]*)\}/g, " $1 "],
  [/\\(?:leq?|le)(?![a-zA-Z])/g, "≤"],
  [/\\(?:geq?|ge)(?![a-zA-Z])/g, "≥"],
  [/\\([a-zA-Z]+)/g, " $1 "],
  [/\{/g, "("],
  [/\}/g, ")"],
];

/** LaTeX as it is written for students, in plain notation: `\frac{1}{2}` is `((1)/(2))`. Text without LaTeX stays. */
export function replaceLatex(written: string): string {
  if (!/[\\${]/.test(written)) return written;
  let text = replaceGroups(written, 0);
  for (const [pattern, plain] of COMMANDS) text = text.replace(pattern, plain);
  return text;
}

/** Fractions and roots, whose arguments are groups within groups. */
function replaceGroups(text: string, depth: number): string {
  if (depth > 20) throw unreadable("it has more than 20 fractions within fractions");
  let out = "";
  let at = 0;
  while (at < text.length) {
    const fraction = matchAt(FRACTION, text, at);
    const root = matchAt(ROOT, text, at);
    if (fraction > 0) {
      const top = group(text, at + fraction);
      const bottom = group(text, top.end);
      out += `((${replaceGroups(top.text, depth + 1)})/(${replaceGroups(bottom.text, depth + 1)}))`;
      at = bottom.end;
    } else if (root > 0) {
      const index = /\s*\[(\d+)\]/y;
      index.lastIndex = at + root;
      const found = index.exec(text);
      const inner = group(text, at + root + (found?.[0].length ?? 0));
      const radicand = replaceGroups(inner.text, depth + 1);
      out += found === null ? ` sqrt(${radicand})` : ` nthRoot(${radicand}, ${found[1]})`;
      at = inner.end;
    } else {
      out += text[at];
      at++;
    }
  }
  return out;
}

function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/** The group in braces that begins at `at`, or the one character there, as in `\frac12`. */
function group(text: string, at: number): { text: string; end: number } {
  let start = at;
  while (text[start] === " ") start++;
  if (text[start] !== "{") return { text: text[start] ?? "", end: start + 1 };
  let depth = 0;
  for (let end = start; end < text.length; end++) {
    if (text[end] === "{") depth++;
    if (text[end] === "}") depth--;
    if (depth === 0) return { text: text.slice(start + 1, end), end: end + 1 };
  }
  throw unreadable("a { in its LaTeX is never closed");
}
