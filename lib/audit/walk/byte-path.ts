/**
 * A path as the file system has it: each character is one byte. Names need not be UTF-8, and a text that was decoded as
 * such no longer leads to its file. V8 keeps such a text in one byte a character.
 */
export type BytePath = string;

const NOT_ASCII = /[\u0080-\u00ff]/;
/** Lone surrogates and the like cannot come out of bytes that are UTF-8, so a round trip tells. */
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function fromText(text: string): BytePath {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** As Node's calls take it. */
export function toSystem(path: BytePath): string | Buffer {
  return NOT_ASCII.test(path) ? Buffer.from(path, "latin1") : path;
}

export function isUtf8(path: BytePath): boolean {
  return !NOT_ASCII.test(path) || decoded(path) !== null;
}

/** What a text would be mistaken for an escaped byte by. */
const ESCAPED = /\\(?=x[0-9a-f]{2})/g;

/**
 * For people and for JSON: as UTF-8, and where a name is none with each byte beyond ASCII as `\xff`. No two paths have the
 * same text, and the text of a folder begins that of all in it: a name that has `\xff` as letters has its `\` as `\x5c`.
 */
export function toText(path: BytePath): string {
  if (!NOT_ASCII.test(path) && !path.includes("\\x")) return path;
  return path.split("/").map(nameText).join("/");
}

/** The path that `toText` wrote. */
export function fromReport(text: string): BytePath {
  const bytes = fromText(text);
  if (!bytes.includes("\\x")) return bytes;
  return bytes.replace(/\\x([0-9a-f]{2})/g, (_, byte: string) => String.fromCharCode(Number.parseInt(byte, 16)));
}

function nameText(name: BytePath): string {
  const text = name.replace(ESCAPED, "\\x5c");
  if (!NOT_ASCII.test(text)) return text;
  return decoded(text) ?? text.replace(/[\u0080-\u00ff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}

export function joined(folder: BytePath, name: BytePath): BytePath {
  return folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}

function decoded(path: BytePath): string | null {
  try {
    return strict.decode(Buffer.from(path, "latin1"));
  } catch {
    return null;
  }
}
