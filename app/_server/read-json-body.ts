import { MemwellError } from "@/lib/runtime";

import { findJsonError } from "./json-error-position";

/** 8 MiB: a long conversation is well below, and one request cannot fill the memory. */
const DEFAULT_LIMIT_BYTES = 8 * 1024 * 1024;

/**
 * What is read and thrown away of a body that is too large. Left unread, it would stand in front of the connection's next
 * request, which then hangs; only a caller who sends still more loses the connection, and perhaps the answer with it.
 */
const DISCARDED_BYTES = 64 * 1024 * 1024;

/**
 * A request's body, parsed. No more than the limit is kept, whatever its Content-Length claims.
 *
 * @param limitBytes most bytes to accept
 * @throws MemwellError `request_too_large`, `invalid_json` with `fields.position` (a character offset), or `aborted`
 *   when the caller went away before the end
 */
export async function readJsonBody(request: Request, limitBytes = DEFAULT_LIMIT_BYTES): Promise<unknown> {
  const text = decode(await readBytes(request, limitBytes));
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const position = findJsonError(text) ?? text.length;
    const near = text.slice(Math.max(0, position - 20), position + 20);
    const where =
      position >= text.length ? "it ends too early" : `at character ${position}, near ${JSON.stringify(near)}`;
    throw new MemwellError("invalid_json", `The request's body is not JSON: ${where}.`, { position });
  }
}

async function readBytes(request: Request, limitBytes: number): Promise<Uint8Array> {
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let isTooLarge = Number(request.headers.get("content-length") ?? 0) > limitBytes;
  for (;;) {
    const next = await reader.read().catch((cause: unknown) => {
      throw new MemwellError("aborted", "The request's body broke off: send it again.", {}, { cause });
    });
    if (next.done) break;
    bytes += next.value.byteLength;
    if (bytes > limitBytes) isTooLarge = true;
    if (!isTooLarge) chunks.push(next.value);
    else chunks.length = 0;
    if (bytes > limitBytes + DISCARDED_BYTES) {
      void reader.cancel().catch(() => {});
      break;
    }
  }
  if (isTooLarge) throw tooLarge(limitBytes);
  return Buffer.concat(chunks);
}

function tooLarge(limitBytes: number): MemwellError {
  return new MemwellError(
    "request_too_large",
    `The request's body is larger than ${limitBytes} bytes: send a shorter conversation.`,
    { limitBytes },
  );
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new MemwellError("invalid_json", "The request's body is not UTF-8: send JSON encoded as UTF-8.", {
      position: 0,
    });
  }
}
