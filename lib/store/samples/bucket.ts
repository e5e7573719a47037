/** What is kept of the samples of one series in one bucket. Exact: bytes are whole numbers, and sums stay below 2^53. */
export interface Figures {
  count: number;
  sum: number;
  min: number;
  max: number;
  /** When `max` was, in ms since the epoch. */
  maxAt: number;
}

/** By the id of the series. */
export type Bucket = Map<number, Figures>;

/** Puts `more` into a bucket. Of two equal peaks the earlier one stays. */
export function mergeInto(bucket: Bucket, series: number, more: Figures): void {
  const held = bucket.get(series);
  if (held === undefined) {
    bucket.set(series, { ...more });
    return;
  }
  held.count += more.count;
  held.sum += more.sum;
  held.min = Math.min(held.min, more.min);
  if (more.max > held.max || (more.max === held.max && more.maxAt < held.maxAt)) {
    held.max = more.max;
    held.maxAt = more.maxAt;
  }
}

/** Series and count as 32 bits, sum, min and max as floats of 64, the time of the peak as ms behind the bucket's begin. */
const ENTRY_BYTES = 36;

/** @param begin of the bucket, in ms since the epoch */
export function encodeBucket(bucket: Bucket, begin: number): Buffer {
  const data = Buffer.allocUnsafe(bucket.size * ENTRY_BYTES);
  let at = 0;
  for (const [series, { count, sum, min, max, maxAt }] of bucket) {
    data.writeUInt32LE(series, at);
    data.writeUInt32LE(count, at + 4);
    data.writeDoubleLE(sum, at + 8);
    data.writeDoubleLE(min, at + 16);
    data.writeDoubleLE(max, at + 24);
    data.writeUInt32LE(maxAt - begin, at + 32);
    at += ENTRY_BYTES;
  }
  return data;
}

/** Calls `visit` for each series in an encoded bucket. What is cut off in the middle of one is left out. */
export function visitBucket(data: Buffer, begin: number, visit: (series: number, figures: Figures) => void): void {
  for (let at = 0; at + ENTRY_BYTES <= data.length; at += ENTRY_BYTES)
    visit(data.readUInt32LE(at), {
      count: data.readUInt32LE(at + 4),
      sum: data.readDoubleLE(at + 8),
      min: data.readDoubleLE(at + 16),
      max: data.readDoubleLE(at + 24),
      maxAt: begin + data.readUInt32LE(at + 32),
    });
}
