import { MemwellError } from "../../errors";
import { RangesIgnored, type ByteSource } from "./byte-source";
import type { Interval } from "./intervals";
import type { PartialFile } from "./partial-file";
import { RangeWriter } from "./range-writer";
import { withRetries, type Retrying } from "../client/retry";

const MEGABYTE = 1024 * 1024;
/** A request costs a round trip, so a piece is worth some seconds. */
const SMALLEST_PIECE = 8 * MEGABYTE;
const LARGEST_PIECE = 64 * MEGABYTE;
const PIECES_PER_CONNECTION = 2;

export interface FetchOptions extends Retrying {
  connections: number;
  /** Called whenever more bytes are on disk. */
  onWritten: () => void;
}

/**
 * Fetches what is missing of a file: pieces from its start on, several at once, each tried again from where it was cut. A
 * server that knows no ranges sends the whole file once more, of which only what is missing is written.
 *
 * @throws MemwellError; what the file system throws (`ENOSPC`). What arrived before is on disk and on record.
 */
export async function fetchFile(source: ByteSource, file: PartialFile, options: FetchOptions): Promise<void> {
  const pieces = cut(file.done.gaps(file.size), options.connections);
  try {
    await eachAtOnce(pieces, options, (piece, signal) => fetchPiece(source, file, piece, { ...options, signal }));
  } catch (thrown) {
    if (!(thrown instanceof RangesIgnored)) throw thrown;
    await fetchInOrder(source, file, options);
  }
}

/**
 * What is missing, in pieces that begin with the first byte: the hash follows close behind. Large ones first and small ones
 * last, so that the connections end at about the same time.
 */
export function cut(gaps: readonly Interval[], connections: number): Interval[] {
  const pieces: Interval[] = [];
  let left = gaps.reduce((sum, [start, end]) => sum + end - start, 0);
  for (const [start, end] of gaps) {
    for (let at = start; at < end;) {
      const share = Math.ceil(left / (connections * PIECES_PER_CONNECTION));
      const next = Math.min(end, at + Math.min(LARGEST_PIECE, Math.max(SMALLEST_PIECE, share)));
      pieces.push([at, next]);
      left -= next - at;
      at = next;
    }
  }
  return pieces;
}

function fetchPiece(source: ByteSource, file: PartialFile, [start, end]: Interval, options: FetchOptions) {
  return untilThere(source, start, end, options, async (at, onEnd) => {
    const writer = new RangeWriter(file, at, end, options.onWritten);
    await finishing(writer, source.read([at, end], writer, options.signal), onEnd);
  });
}

function fetchInOrder(source: ByteSource, file: PartialFile, options: FetchOptions) {
  return untilThere(source, file.done.frontier, file.size, options, async (at, onEnd) => {
    const writer = new RangeWriter(file, 0, file.size, options.onWritten, at);
    await finishing(writer, source.read("whole", writer, options.signal), onEnd);
  });
}

/** Tries again from where the last try came to, which it says with `onEnd` even when it fails. */
async function untilThere(
  source: ByteSource,
  start: number,
  end: number,
  options: FetchOptions,
  attempt: (at: number, onEnd: (at: number) => void) => Promise<void>,
): Promise<void> {
  let at = start;
  let gained = 0;
  const attemptOnce = async () => {
    gained = 0;
    await attempt(at, (reached) => {
      gained = reached - at;
      at = reached;
    });
    if (at < end) throw cutShort(source);
  };
  await withRetries(attemptOnce, { ...options, hasProgressed: () => gained > 0 });
}

/** What came before a connection was cut is written before anything else happens; what the disk says counts first. */
async function finishing(writer: RangeWriter, reading: Promise<void>, onEnd: (at: number) => void): Promise<void> {
  const [read] = await Promise.allSettled([reading]);
  try {
    await writer.finish();
  } finally {
    onEnd(writer.written);
  }
  if (read.status === "rejected") throw read.reason;
}

/** The first failure ends the others too; nothing runs on when this has ended. */
async function eachAtOnce<Item>(
  items: readonly Item[],
  { connections, signal }: FetchOptions,
  run: (item: Item, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const both = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const queue = items.values();
  let failure: { thrown: unknown } | undefined;
  const work = async () => {
    try {
      for (const item of queue) if (!stop.signal.aborted) await run(item, both);
    } catch (thrown) {
      failure ??= { thrown };
      stop.abort();
    }
  };
  await Promise.all(Array.from({ length: Math.min(connections, items.length) }, work));
  if (failure !== undefined) throw failure.thrown;
}

function cutShort(source: ByteSource): MemwellError {
  const message = `The connection ended before ${source.file.path} was complete. Try again; what has been downloaded so far is kept.`;
  return new MemwellError("hub_unavailable", message, { path: source.file.path });
}
