import { createRequire } from "node:module";

/** `whence` of `lseek` for the next bytes that the disk holds; each system has its own number. */
const SEEK_DATA = process.platform === "darwin" ? 4 : 3;
/** "No such device or address": from here on there are no more. */
const ENXIO = 6;

export type NextData = (descriptor: number, position: number, size: number) => number;
let nextData: NextData | undefined;

/**
 * Where the next bytes are that the disk holds, from a position on; the file's size when all the rest is a hole. Holes read
 * as zeros, and reading 40 GB of them takes half a minute. Where the system cannot tell, every byte counts as held.
 */
export function loadNextData(): NextData {
  if (nextData !== undefined) return nextData;
  if (process.platform !== "linux" && process.platform !== "darwin") return (nextData = (_, position) => position);
  try {
    // Loaded with the first sparse file only: a native package.
    const koffi = createRequire(import.meta.url)("koffi") as typeof import("koffi");
    const name =
      process.platform === "linux" && process.arch !== "x64" && process.arch !== "arm64" ? "lseek64" : "lseek";
    const seek = koffi.load(null).func(`int64_t ${name}(int, int64_t, int)`) as unknown as (
      descriptor: number,
      offset: number,
      whence: number,
    ) => number | bigint;
    nextData = (descriptor, position, size) => {
      const found = Number(seek(descriptor, position, SEEK_DATA));
      if (found >= 0) return Math.min(found, size);
      return koffi.errno() === ENXIO ? size : position;
    };
  } catch {
    nextData = (_, position) => position;
  }
  return nextData;
}
