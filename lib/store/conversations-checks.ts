import { z } from "zod";
import { MemwellError, type ErrorFields } from "../errors";

const LONGEST_SESSION = 200;
const MESSAGE_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** A session without a name would be everybody's: that is a mistake of the caller, not somebody else's session. */
export function checkSession(session: string): string {
  if (typeof session === "string" && session !== "" && session.length <= LONGEST_SESSION) return session;
  throw invalid("session", `A session is a text of 1 to ${LONGEST_SESSION} characters. Start a new one.`);
}

/** @throws MemwellError `invalid_request` when it is no text, `request_too_large` when it is longer than `limit` */
export function checkText(parameter: string, text: string, limit: number): string {
  if (typeof text !== "string") throw invalid(parameter, `The ${parameter} is not a text. Send one.`);
  if (text.length > limit) throw tooLarge(parameter, text.length, limit);
  return text;
}

export function checkMessageId(id: string): string {
  if (typeof id === "string" && MESSAGE_ID.test(id)) return id;
  throw invalid("id", "An id has 1 to 64 letters, digits, _ and -. Leave it out to have one made.");
}

/**
 * A value as JSON text; null and undefined are null.
 *
 * @throws MemwellError `invalid_request` for what JSON cannot say, `request_too_large` when it is longer than `limit`
 */
export function jsonText(parameter: string, value: unknown, limit: number): string | null {
  if (value === null || value === undefined) return null;
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (thrown) {
    // It goes round in a circle, is nested too deeply, or has a BigInt in it.
    throw invalid(parameter, `The ${parameter} cannot be written as JSON. Send plain values.`, thrown);
  }
  if (text === undefined) throw invalid(parameter, `The ${parameter} is not a value of JSON. Send plain values.`);
  if (text.length > limit) throw tooLarge(parameter, text.length, limit);
  return text;
}

/** A page's size: `usual` unless asked for, at most `most`. */
export function pageSize(limit: number | undefined, usual: number, most: number): number {
  return Number.isFinite(limit) ? Math.min(most, Math.max(1, Math.floor(limit ?? usual))) : usual;
}

/** As search compares it; null where SQLite's own comparing, which knows A to Z only, does as well. */
export function folded(text: string): string | null {
  const lower = fold(text);
  return lower === text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) ? null : lower;
}

/** The same for both ways to write an accent, for upper and lower case, and for the sigma that ends a word. */
export function fold(text: string): string {
  return text.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC").replace(/ς/g, "σ");
}

/** A pattern for LIKE that finds `text` anywhere; the escape character is a backslash. */
export function containing(text: string): string {
  return `%${fold(text).replace(/[\\%_]/g, "\\$&")}%`;
}

/** Where a page ended: the time and the id of its last conversation. */
const Cursor = z.tuple([z.number().int(), z.string()]);

export function cursorAfter(updatedAt: number, id: string): string {
  return Buffer.from(JSON.stringify([updatedAt, id])).toString("base64url");
}

export function readCursor(cursor: string): [updatedAt: number, id: string] {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
  } catch (thrown) {
    throw invalid("after", "This is not the end of a page. Begin with the first page.", thrown);
  }
}

export function invalid(parameter: string, message: string, cause?: unknown, fields: ErrorFields = {}): MemwellError {
  return new MemwellError("invalid_request", message, { parameter, ...fields }, { cause });
}

export function tooLarge(parameter: string, length: number, limit: number, fields: ErrorFields = {}): MemwellError {
  const message = `The ${parameter} has a size of ${length}, and the limit is ${limit}. Send less of it.`;
  return new MemwellError("request_too_large", message, { parameter, length, limit, ...fields });
}

/** The same whether it never was, is gone, or is another session's. */
export function notThere(what: "conversation" | "message" | "run"): MemwellError {
  return new MemwellError("not_found", `There is no such ${what}. Look at the list of conversations.`, { what });
}
