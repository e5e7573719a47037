import { createHash } from "node:crypto";
import { z } from "zod";
import { Intervals } from "./intervals";

/*
 * A partial file is as long as the whole one from its first byte on, since several ranges of it arrive at once; which are
 * there is written after its end, where the next process finds it. The record has two places, used in turn: a process
 * killed while it writes one leaves the other.
 *
 *     0 .. size                     the bytes, with holes
 *     size .. size + 4096           a record: 16 hex digits of its sha256, a space, JSON, a newline
 *     size + 4096 .. size + 8192    another
 *
 * It is Memwell's own: huggingface_hub never reads a partial file of another process.
 */

export const RECORD_BYTES = 4096;
export const TRAILER_BYTES = 2 * RECORD_BYTES;

const MAGIC = "memwell-download";
const VERSION = 1;
const CHECK_DIGITS = 16;

export interface PartialRecord {
  size: number;
  etag: string;
  /** The higher one is the newer one. */
  sequence: number;
  done: Intervals;
}

const recordSchema = z.object({
  magic: z.literal(MAGIC),
  version: z.literal(VERSION),
  size: z.number(),
  etag: z.string(),
  sequence: z.number().int().nonnegative(),
  done: z.array(z.tuple([z.number().int().nonnegative(), z.number().int().positive()])),
});

/** The bytes of a record and where they go in the file. What is too long for its place is left out: it comes again. */
export function encodeRecord(record: PartialRecord): { bytes: Buffer; position: number } {
  const { size, etag, sequence } = record;
  const done = [...record.done.list];
  let text = "";
  do {
    text = JSON.stringify({ magic: MAGIC, version: VERSION, size, etag, sequence, done });
  } while (text.length + CHECK_DIGITS + 2 > RECORD_BYTES && done.pop() !== undefined);
  const bytes = Buffer.alloc(RECORD_BYTES);
  bytes.write(`${checkOf(text)} ${text}\n`);
  return { bytes, position: size + (sequence % 2) * RECORD_BYTES };
}

/** The newest record of a trailer that is whole and about this file; null when there is none. */
export function decodeTrailer(trailer: Buffer, size: number, etag: string): PartialRecord | null {
  const records = [decodeRecord(trailer.subarray(0, RECORD_BYTES)), decodeRecord(trailer.subarray(RECORD_BYTES))];
  const usable = records.filter((record) => record !== null && record.size === size && record.etag === etag);
  return usable.sort((left, right) => (right?.sequence ?? 0) - (left?.sequence ?? 0))[0] ?? null;
}

function decodeRecord(bytes: Buffer): PartialRecord | null {
  const end = bytes.indexOf("\n");
  if (end < 0) return null;
  const line = bytes.toString("utf8", 0, end);
  const text = line.slice(CHECK_DIGITS + 1);
  if (line !== `${checkOf(text)} ${text}`) return null;
  const record = recordSchema.safeParse(parseJson(text));
  if (!record.success || record.data.done.some(([start, last]) => start >= last || last > record.data.size))
    return null;
  return { ...record.data, done: new Intervals(record.data.done) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function checkOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, CHECK_DIGITS);
}
