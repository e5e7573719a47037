import { pathOf, type FileRecord } from "../walk/file-record";
import type { RawFinding } from "./findings";

/** The files a finding is about, with what removing them would free: a file with other names stays on the disk. */
export function aboutFiles(
  records: readonly FileRecord[],
): Pick<RawFinding, "paths" | "size" | "lastModified" | "lastAccessed"> {
  const size = { apparent_size: 0, size_on_disk: 0 };
  let [lastModified, lastAccessed] = [0, 0];
  for (const record of records) {
    size.apparent_size += record.size;
    if (record.nbLinks === 1) size.size_on_disk += record.sizeOnDisk;
    lastModified = Math.max(lastModified, record.modified);
    lastAccessed = Math.max(lastAccessed, record.accessed);
  }
  return { paths: records.map(pathOf), size, lastModified, lastAccessed };
}
