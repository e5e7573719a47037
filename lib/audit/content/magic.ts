import type { Kind } from "../kinds";
import { contentOf, type Content, type Format } from "./content";

interface Magic {
  at: number;
  bytes: string;
  format: Format;
  kind: Kind;
}

const of = (bytes: string, format: Format, kind: Kind, at = 0): Magic => ({ at, bytes, format, kind });

/** First bytes that say what a file is, each as its format's own description gives them. */
const MAGICS: readonly Magic[] = [
  of("PAR1", "parquet", "dataset"),
  of("ARROW1\0\0", "arrow", "dataset"),
  of("\xff\xff\xff\xff\x10\0\0\0", "arrow", "dataset"),
  of("\x93NUMPY", "numpy", "dataset"),
  of("\x89HDF\r\n\x1a\n", "hdf5", "dataset"),
  of("SQLite format 3\0", "sqlite", "dataset"),
  of("\x1f\x8b\x08", "gzip", "archive"),
  of("BZh", "bzip2", "archive"),
  of("\xfd7zXZ\0", "xz", "archive"),
  of("\x28\xb5\x2f\xfd", "zstandard", "archive"),
  of("7z\xbc\xaf\x27\x1c", "7z", "archive"),
  of("Rar!\x1a\x07", "rar", "archive"),
  of("ustar", "tar", "archive", 257),
  of("PACK\0\0\0", "git-pack", "git"),
  of("\xfftOc", "git-pack", "git"),
  of("\x89PNG\r\n\x1a\n", "picture", "media"),
  of("\xff\xd8\xff", "picture", "media"),
  of("GIF8", "picture", "media"),
  of("WEBP", "picture", "media", 8),
  of("WAVE", "sound", "media", 8),
  of("ID3", "sound", "media"),
  of("OggS", "sound", "media"),
  of("fLaC", "sound", "media"),
  of("ftyp", "video", "media", 4),
  of("\x1aE\xdf\xa3", "video", "media"),
  of("%PDF-", "pdf", "media"),
  of("\x7fELF", "program", "build"),
  of("MZ\x90\0", "program", "build"),
  of("\xcf\xfa\xed\xfe", "program", "build"),
  of("\0asm", "program", "build"),
];

/** Zips that are not archives of somebody's files, by what their first entry is. */
const ZIP_DOCUMENTS = /^(?:\[Content_Types\]\.xml|mimetype)/;

/** Arrays of numpy, one after the other, and what Java and Python load. */
const ZIP_ARRAYS = /^[^/\0]{1,100}\.npy/;
const ZIP_PROGRAMS = /^(?:META-INF\/|AndroidManifest\.xml)/;

function kindOfZip(firstEntry: string): Kind {
  if (ZIP_DOCUMENTS.test(firstEntry)) return "media";
  if (ZIP_ARRAYS.test(firstEntry)) return "dataset";
  return ZIP_PROGRAMS.test(firstEntry) ? "build" : "archive";
}

export function judgeMagic(head: Buffer): Content | null {
  const text = head.toString("latin1", 0, 300);
  for (const { at, bytes, format, kind } of MAGICS) if (text.startsWith(bytes, at)) return contentOf(format, kind);
  if (text.startsWith("PK\x03\x04")) return contentOf("zip", kindOfZip(text.slice(30)));
  return null;
}

/** SentencePiece's `tokenizer.model`: a protobuf whose first pieces are those without a text of their own. */
export function isSentencePiece(head: Buffer): boolean {
  return head[0] === 0x0a && head[2] === 0x0a && /<(?:unk|pad|s)>/.test(head.toString("latin1", 0, 64));
}
