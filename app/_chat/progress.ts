import type { PrefillProgress } from "@/lib/wire";

/**
 * The reading progress told by a comment of the stream, as `encodeProgress` of lib/wire writes it; null when the comment
 * says something else. It lives here because lib/wire brings zod along, which the page has no use for.
 */
export function parseProgressComment(comment: string): PrefillProgress | null {
  const match = /^\s*prefill (\d+)\/(\d+)\s*$/.exec(comment);
  return match === null ? null : { evaluated: Number(match[1]), total: Number(match[2]) };
}
