const WHITE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;

/**
 * Where a text stops being JSON (RFC 8259): the offset of the first character that cannot stand there, the text's length
 * when it merely ends too early, or null when it is JSON. `JSON.parse` of Node 20 names a position only in some of its
 * messages. Nothing recurses: a text may be nested millions deep.
 */
export function findJsonError(text: string): number | null {
  /** Closing characters still owed, innermost last. */
  const open: ("}" | "]")[] = [];
  let at = 0;
  let expecting: "value" | "value or ]" | "key" | "key or }" | "after value" = "value";
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  for (;;) {
    take(WHITE);
    const character = text[at];
    if (expecting === "after value") {
      const closing = open.at(-1);
      if (closing === undefined) return at === text.length ? null : at;
      if (character === closing) {
        open.pop();
        at += 1;
      } else if (character === ",") {
        at += 1;
        expecting = closing === "}" ? "key" : "value";
      } else return at;
    } else if (character === open.at(-1) && (expecting === "value or ]" || expecting === "key or }")) {
      open.pop();
      at += 1;
      expecting = "after value";
    } else if (expecting === "key" || expecting === "key or }") {
      if (character !== '"') return at;
      const end = stringEnd(text, at);
      if (!end.closed) return end.at;
      at = end.at;
      take(WHITE);
      if (text[at] !== ":") return at;
      at += 1;
      expecting = "value";
    } else if (character === "{" || character === "[") {
      open.push(character === "{" ? "}" : "]");
      at += 1;
      expecting = character === "{" ? "key or }" : "value or ]";
    } else if (character === '"') {
      const end = stringEnd(text, at);
      if (!end.closed) return end.at;
      at = end.at;
      expecting = "after value";
    } else if (take(NUMBER) || take(WORD)) expecting = "after value";
    else return at;
  }
}

/** From an opening quote: the offset behind the closing one, or of what may not stand in a string. */
function stringEnd(text: string, start: number): { closed: boolean; at: number } {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return { closed: true, at: at + 1 };
    if (code < 0x20) return { closed: false, at };
    if (code !== 0x5c) continue;
    at += 1;
    if (text[at] === "u") {
      for (let digit = 1; digit <= 4; digit += 1)
        if (!/^[0-9a-fA-F]$/.test(text[at + digit] ?? "")) return { closed: false, at: at + digit };
      at += 4;
    } else if (at < text.length && !'"\\/bfnrt'.includes(text[at]!)) return { closed: false, at };
  }
  return { closed: false, at: text.length };
}
