import { constants, gunzipSync } from "node:zlib";
import type { Kind } from "../kinds";
import { contentOf, type Content } from "./content";
import { namesInTar, namesInZip } from "./entry-names";

/** Looked at of what is compressed; it may be a thousand times as long. Bytes. */
const COMPRESSED_BYTES = 4096;

/** Endings of data, also those that are told as something else where they stand alone. */
const DATA =
  /\.(?:csv|tsv|jsonl?|ndjson|parquet|arrow|feather|npy|npz|h5|hdf5|txt|sql|xml|sqlite|db|fasta?|fastq|fa|fq|vcf|bed|nii|warc|wet|pgn|mat|jpe?g|png|webp|wav|flac|mp3|mp4)$/i;
const SUFFIX = /\.(?:gz|bz2|xz|zst|lzma|z)$/i;
/** What may be judged by what is in it; a compressed program or model is none of these, and no backup either. */
const TOLD: ReadonlySet<Kind> = new Set<Kind>(["dataset", "documentation", "code", "tests", "media", "archive"]);

/**
 * What an archive or a compressed file is by what is in it: a backup may go when it is old, a dataset is none. Where that
 * cannot be seen the name counts; where neither tells, it is an archive.
 *
 * @param tail the file's last bytes, where a zip lists its entries
 * @param judge tells what a file is by its first bytes
 */
export function judgeArchive(
  content: Content,
  head: Buffer,
  tail: Buffer,
  name: string,
  judge: (head: Buffer) => Content,
): Content {
  if (content.kind !== "archive") return content;
  return contentOf(content.format, kindInside(content, head, tail, name, judge));
}

function kindInside(
  { format }: Content,
  head: Buffer,
  tail: Buffer,
  name: string,
  judge: (head: Buffer) => Content,
): Kind {
  if (format === "zip") return kindOfNames(namesInZip(head, tail));
  if (format === "tar") return kindOfNames(namesInTar(head));
  if (SUFFIX.test(name) && DATA.test(name.replace(SUFFIX, ""))) return "dataset";
  if (format !== "gzip") return "archive";
  const inside = beginningOf(head);
  if (inside === null) return "archive";
  const found = judge(inside);
  if (found.format === "tar") return kindOfNames(namesInTar(inside));
  return TOLD.has(found.kind) ? found.kind : "other";
}

/** Null when it is none, or damaged. */
function beginningOf(head: Buffer): Buffer | null {
  try {
    const inside = gunzipSync(head.subarray(0, COMPRESSED_BYTES), { finishFlush: constants.Z_SYNC_FLUSH });
    return inside.length === 0 ? null : inside;
  } catch {
    return null;
  }
}

/** A backup of a project has data among other things; what is data for the most part is none. */
function kindOfNames(names: readonly string[]): Kind {
  const files = names.filter((name) => name !== "" && !name.endsWith("/"));
  const isData = (name: string): boolean => DATA.test(name) || DATA.test(name.replace(SUFFIX, ""));
  return files.length > 0 && files.filter(isData).length * 2 > files.length ? "dataset" : "archive";
}
