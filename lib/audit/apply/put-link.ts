import { joined } from "../walk/byte-path";
import type { Moved } from "./carry-out";
import type { Sizes } from "./contract";
import { identityOf, statOf } from "./disk";
import type { Entry } from "./entry";
import { linkTarget } from "./links";
import type { Follow } from "./run";
import { addTo, noSizes, Weigher } from "./weigher";

/** Puts a link in the place of each file that was moved. Answers what the links take. */
export function putLinks(entry: Entry, step: string, moved: Moved, follow: Extract<Follow, { type: "link" }>): Sizes {
  const { root, disk, touched } = entry;
  const left = noSizes();
  const original = joined(root.path, follow.to);
  for (const { path } of moved.paths) {
    if (follow.kind === "hard") {
      entry.place(step, path, (at) => disk.hardLink(at, original));
      // One more name of it is no change of it.
      const stats = statOf(original);
      if (stats !== null) touched.entry(identityOf(stats), { mtime: stats.mtimeNs, size: stats.size });
      continue;
    }
    entry.place(step, path, (at) => disk.symbolicLink(at, linkTarget(path, follow.to)));
    addTo(left, sizesAt(joined(root.path, path)));
  }
  return left;
}

export function sizesAt(path: string): Sizes {
  const stats = statOf(path);
  return stats === null ? noSizes() : new Weigher().add(stats);
}
