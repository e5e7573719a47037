import type { FileHandle } from "node:fs/promises";

/**
 * Writes all of it at `position`. One call may write less than it is given, as on a disk that is filling up; the next one
 * then says why.
 */
export async function writeAll(handle: FileHandle, position: number, chunks: readonly Buffer[]): Promise<void> {
  let rest = [...chunks];
  let at = position;
  while (rest.length > 0) {
    const { bytesWritten } = await handle.writev(rest, at);
    at += bytesWritten;
    rest = after(rest, bytesWritten);
  }
}

function after(chunks: Buffer[], written: number): Buffer[] {
  let skipped = 0;
  let index = 0;
  for (; index < chunks.length; index++) {
    const length = chunks[index]?.length ?? 0;
    if (skipped + length > written) break;
    skipped += length;
  }
  const [first, ...others] = chunks.slice(index);
  return first === undefined ? [] : [first.subarray(written - skipped), ...others];
}
