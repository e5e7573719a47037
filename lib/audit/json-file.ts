import { readFileSync, statSync } from "node:fs";
import type { z } from "zod";
import { MemwellError, messageOf } from "../errors";

/**
 * Reads a JSON file that may be a stranger's, as text.
 *
 * @param mostBytes a longer one is refused; a pipe would be waited for, and a device read without end
 * @param what it should be, for the message
 * @throws MemwellError `not_found`
 */
export function readJsonText(path: string, what: string, mostBytes: number): string {
  try {
    const stats = statSync(path);
    if (!stats.isFile() || stats.size > mostBytes) throw new Error(`it is no ${what}`);
    return readFileSync(path, "utf8");
  } catch (thrown) {
    const reason = harmless(`${path} cannot be read: ${messageOf(thrown)}`);
    throw new MemwellError("not_found", `${reason}. Name the ${what} again.`, { path });
  }
}

/** @throws MemwellError `invalid_json` */
export function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    const reason = harmless(`${path} is no JSON: ${messageOf(thrown)}`);
    throw new MemwellError("invalid_json", `${reason}. Correct it, or remove it.`, { path });
  }
}

/**
 * @param advice what to do about a wrong one
 * @throws MemwellError `invalid_request` with the first thing that is wrong
 */
export function checkJson<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  path: string,
  advice: string,
): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = issue?.path.join(".") || "the file";
  const message = harmless(`${path}: ${place}: ${issue?.message ?? "not allowed"}. ${advice}`);
  throw new MemwellError("invalid_request", message, { path, place });
}

/** The file may be a stranger's, and errors quote it: nothing in them may steer the terminal. */
function harmless(text: string): string {
  return text.replace(/[\p{C}\u2028\u2029]/gu, "?");
}
