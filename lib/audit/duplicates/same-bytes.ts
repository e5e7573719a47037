import { pathOf, type FileRecord } from "../walk/file-record";
import { foldersOf, type Folder } from "../walk/folder";
import type { Notes } from "../walk/notes";
import type { Pauses } from "../walk/pauses";
import { isSparse, systemCodeOf, withFile, type OpenFile } from "../walk/system";
import { digestWithoutZeros, fullDigest, sampleDigest, SAMPLED_BYTES } from "./fingerprint";

/** Files with the same bytes, each stored again. The one to keep comes first. */
export interface SameBytes {
  records: FileRecord[];
  /** Null when one of them is sparse: their bytes were compared without reading their holes. */
  sha256: string | null;
}

export interface SameBytesResult {
  groups: SameBytes[];
  /** Read to find them. */
  bytesRead: number;
}

/**
 * Finds files that store the same bytes again: by length, then by samples, then by hash. Of a file whose length no other
 * has, nothing is read. Names of one file (hard links) are no copies: the walk gives each file one record.
 *
 * @throws MemwellError `aborted`
 */
export async function findSameBytes(root: Folder, notes: Notes, pauses: Pauses): Promise<SameBytesResult> {
  const search = new Search(notes, pauses);
  const groups: SameBytes[] = [];
  for (const ofLength of groupsBy(recordsOf(root), ({ size }) => String(size)))
    for (const group of await search.among(ofLength)) groups.push(group);
  groups.sort((left, right) => spareSize(right) - spareSize(left));
  return { groups, bytesRead: search.bytesRead };
}

/** What would be saved if each were stored once. Bytes, as the lengths say. */
export function spareSize({ records }: SameBytes): number {
  return (records.length - 1) * (records[0]?.size ?? 0);
}

class Search {
  bytesRead = 0;

  constructor(
    readonly notes: Notes,
    readonly pauses: Pauses,
  ) {}

  async among(records: FileRecord[]): Promise<SameBytes[]> {
    const size = records[0]?.size ?? 0;
    const sampled =
      size <= SAMPLED_BYTES
        ? [records]
        : await this.#split(records, (file) => Promise.resolve(sampleDigest(file))).then((groups) => groups.map(({ records }) => records)); // prettier-ignore
    const found: SameBytes[] = [];
    for (const group of sampled) {
      const hasHoles = group.some((record) => isSparse(record.size, record.sizeOnDisk));
      const digest = hasHoles ? digestWithoutZeros : fullDigest;
      for (const { records: same, key } of await this.#split(group, (file) => digest(file, this.pauses)))
        found.push({ records: same.sort(keepFirst), sha256: hasHoles ? null : key });
    }
    return found;
  }

  /** Those with a companion, by what `digest` says of them. What cannot be read, or has changed, is nobody's. */
  async #split(records: FileRecord[], digest: (file: OpenFile) => Promise<string>) {
    const byKey = new Map<string, FileRecord[]>();
    for (const record of records) {
      const key = await this.#keyOf(record, digest);
      const known = key === null ? undefined : byKey.get(key);
      if (known !== undefined) known.push(record);
      else if (key !== null) byKey.set(key, [record]);
      await this.pauses.takeIfDue();
    }
    return [...byKey].filter(([, same]) => same.length > 1).map(([key, same]) => ({ key, records: same }));
  }

  async #keyOf(record: FileRecord, digest: (file: OpenFile) => Promise<string>): Promise<string | null> {
    const path = pathOf(record);
    try {
      return await withFile(path, async (file) => {
        if (file.size !== record.size) return null;
        const key = await digest(file);
        this.bytesRead += file.bytesRead;
        return key;
      });
    } catch (thrown) {
      const code = systemCodeOf(thrown);
      if (!(thrown instanceof Error && "syscall" in thrown) && code !== "ENOTFILE") throw thrown;
      if (code === "ENOENT") this.notes.add("vanished", path, "this file went away while the audit ran");
      else this.notes.add("unreadable", path, `this file cannot be read (${code}): not compared with others`);
      return null;
    }
  }
}

/** A folder mounted in two places shows each file twice, and it is one file: a copy of itself that must not go. */
function recordsOf(root: Folder): FileRecord[] {
  const seen = new Set<string>();
  const isNew = ({ device, inode }: FileRecord): boolean => {
    const key = `${device}:${inode}`;
    return inode === 0 || (!seen.has(key) && Boolean(seen.add(key)));
  };
  return [...foldersOf(root)].flatMap(({ records }) => records.filter((record) => record.size > 0 && isNew(record)));
}

/** Those of the same key, where there are several. */
function groupsBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/** What a tool keeps for itself is no place to keep it; what links lead to is; then the oldest. */
function keepFirst(left: FileRecord, right: FileRecord): number {
  return (
    Number(left.folder.surroundings !== null) - Number(right.folder.surroundings !== null) ||
    right.linkedBy - left.linkedBy ||
    left.modified - right.modified ||
    (pathOf(left) < pathOf(right) ? -1 : 1)
  );
}
