import { pathOf, type FileRecord } from "../walk/file-record";
import type { RawFinding } from "./findings";

/** The files a finding is about, with what removing them would free: a file with other names stays on the disk. */
export function aboutFiles(
  records: readonly FileRecord[],
): Pick<RawFinding, "paths" | "size" | "lastModified" | "lastAccessed" | "nbLinksFromElsewhere"> {
  const size = { apparent_size: 0, size_on_disk: 0 };
  let [lastModified, lastAccessed] = [0, 0];
  for (const record of records) {
    size.apparent_size += record.size;
    if (record.nbLinks === 1) size.size_on_disk += record.sizeOnDisk;
    lastModified = Math.max(lastModified, record.modified);
    lastAccessed = Math.max(lastAccessed, record.accessed);
  }
  const nbLinksFromElsewhere = linksFromElsewhere(records);
  return { paths: records.map(pathOf), size, lastModified, lastAccessed, nbLinksFromElsewhere };
}

/** Symbolic links that would lead nowhere without these files; those of a repository in a Hugging Face cache go with it. */
export function linksFromElsewhere(records: readonly FileRecord[]): number {
  let count = 0;
  for (const { linkedBy, linkedFromBeside } of records) count += linkedBy - linkedFromBeside;
  for (const folder of new Set(records.map(({ folder }) => folder))) count += folder.linkedAbove;
  return count;
}
