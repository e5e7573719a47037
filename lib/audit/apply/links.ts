import { posix } from "node:path";
import { joined, type BytePath } from "../walk/byte-path";
import type { Sizes } from "./contract";
import { statOf } from "./disk";
import type { Root } from "./root";

/** Shorter ones stand in the link's own inode on the file systems that Linux has; longer ones take a block. Bytes. */
const INLINE_BYTES = 60;

/** How a link at one path leads to another one of the same folder. Both from the folder on. */
export function linkTarget(at: BytePath, to: BytePath): BytePath {
  return posix.relative(posix.dirname(`/${at}`), `/${to}`);
}

/** What such a link will take, as far as can be told before. */
export function linkBytes(root: Root, folder: BytePath, target: BytePath): Sizes {
  const block = Number(statOf(joined(root.path, folder))?.blksize ?? 4096n);
  return { apparent_size: target.length, size_on_disk: target.length < INLINE_BYTES ? 0 : block };
}
