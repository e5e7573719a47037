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

/** For people and for JSON: as UTF-8, and where it is none with each byte beyond ASCII as `\xff`. */
export function toText(path: BytePath): string {
  if (!NOT_ASCII.test(path)) return path;
  return decoded(path) ?? path.replace(/[\u0080-\u00ff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
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
