import { MemwellError } from "../runtime";
import type { ChatEvent } from "./chat-events";

/** As much as a request to the server may have; no model here reads more. In bytes. */
const MOST_INPUT_BYTES = 8 * 1024 ** 2;

/** Standard output or standard error, or what stands for it in a test. */
export type ChatStream = NodeJS.WritableStream & { isTTY?: boolean; columns?: number };

/**
 * What a model wrote, without what would steer a terminal: all control characters but line ends and tabs. Also where no
 * terminal is: what goes into a file is shown in one later, and no answer needs them.
 */
export function withoutControls(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, "");
}

/**
 * An event as one line of JSON, with its line end. JSON leaves DEL and the C1 control characters as they are, which some
 * terminals obey; escaped, they are the same text to whoever parses the line.
 */
export function jsonLine(event: ChatEvent): string {
  const escape = (character: string): string => `\\u00${character.charCodeAt(0).toString(16)}`;
  return `${JSON.stringify(event).replace(/[\u007f-\u009f]/g, escape)}\n`;
}

/**
 * All that comes in, as UTF-8.
 *
 * @throws MemwellError `request_too_large`
 */
export async function readAll(input: AsyncIterable<Buffer | string>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk as Buffer);
    size += bytes.length;
    if (size > MOST_INPUT_BYTES)
      throw new MemwellError(
        "request_too_large",
        `Standard input has more than ${MOST_INPUT_BYTES / 1024 ** 2} MiB. Send the part that the question is about.`,
        { limit: MOST_INPUT_BYTES },
      );
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * Ends the work when nobody reads standard output any more, as after `| head -1`: that is no failure, and is told to nobody.
 * What cannot be written for another reason is one.
 *
 * @returns throws that reason, if there was one
 */
export function endWithOutput(abort: AbortController): () => void {
  let reason: NodeJS.ErrnoException | null = null;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") reason ??= error;
    abort.abort();
  });
  // Where nobody hears about the steps, the answer goes on.
  process.stderr.on("error", () => {});
  return () => {
    if (reason === null) return;
    const code = reason.code === "ENOSPC" ? "disk_full" : "internal";
    const message = `The answer cannot be written to standard output (${reason.code}). Look at where it is sent.`;
    throw new MemwellError(code, message, { reason: reason.code }, { cause: reason });
  };
}
