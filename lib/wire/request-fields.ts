import { z } from "zod";

/**
 * Building blocks of the request schema. Each carries one text that says what is allowed; it becomes the end of the
 * error message, whichever check fails.
 */

export function numberBetween(least: number, most: number) {
  const error = `a number from ${least} to ${most}`;
  return z.number({ error }).min(least, { error }).max(most, { error });
}

export function wholeNumberBetween(least: number, most: number) {
  const error = `a whole number from ${least} to ${most}`;
  return z.number({ error }).int({ error }).min(least, { error }).max(most, { error });
}

export function trueOrFalse() {
  return z.boolean({ error: "true or false" });
}

export function text(longest: number) {
  const error = `a text of 1 to ${longest} characters`;
  return z.string({ error }).min(1, { error }).max(longest, { error });
}

/** Accepted because every OpenAI client may send it, and it changes nothing about the answer. */
export function ignored() {
  return z.unknown();
}

/** A feature that Memwell does not have, asked for with anything but `off`. */
export function onlyOff<Off extends boolean | number>(off: Off, kind: "boolean" | "number") {
  return z.unknown().superRefine((value, context) => {
    if (value === undefined || value === off) return;
    if (typeof value === kind)
      context.addIssue({ code: "custom", message: "unsupported", params: { unsupported: true } });
    else context.addIssue({ code: "custom", message: kind === "boolean" ? "true or false" : "a number" });
  });
}

const MOST_STOPS = 8;

/** OpenAI's `stop`: a text or a few; read as a list. */
export function stopTexts() {
  const error = `a text or a list of up to ${MOST_STOPS} texts, none of them empty or longer than 200 characters`;
  const one = z.string({ error }).min(1, { error }).max(200, { error });
  return shortList(MOST_STOPS, error)
    .pipe(z.union([one, z.array(one, { error })], { error }))
    .transform((stop) => (typeof stop === "string" ? [stop] : stop));
}

/** Any value but a longer list. Checked before the entries are: each bad entry costs memory, and a body holds millions. */
export function shortList(most: number, error: string) {
  return z.unknown().refine((value) => !Array.isArray(value) || value.length <= most, { error });
}
