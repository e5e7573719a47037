import { MemwellError } from "../../errors";

/** In characters (UTF-16 units); about 8,000 tokens, more than the models meant for this machine hold. */
export const MESSAGE_LIMIT = 32_000;

const LINE_ENDS = /\r\n?/g;
const CONTROL = /(?![\n\t])\p{Cc}/gu;
const HALF_CHARACTERS = /\p{Cs}/gu;
const INVISIBLE = /[\p{White_Space}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * A message as a turn takes it: without control characters, with `\n` line ends, trimmed. What looks like a template's own
 * token stays: the engine never reads a person's text as one.
 *
 * @throws MemwellError `request_too_large` above `MESSAGE_LIMIT` characters, `invalid_request` for one without a visible
 *   character.
 */
export function checkMessage(text: string): string {
  if (text.length > MESSAGE_LIMIT) throw tooLong(text.length);
  const clean = text.replace(LINE_ENDS, "\n").replace(CONTROL, "").replace(HALF_CHARACTERS, "\uFFFD").trim();
  if (clean.replace(INVISIBLE, "") === "")
    throw new MemwellError("invalid_request", "The message is empty. Write a question or a request.", {
      parameter: "message",
    });
  return clean;
}

function tooLong(characters: number): MemwellError {
  return new MemwellError(
    "request_too_large",
    `The message has ${characters} characters, and the limit is ${MESSAGE_LIMIT}. Send the part that the question is about.`,
    { parameter: "message", characters, limit: MESSAGE_LIMIT },
  );
}
