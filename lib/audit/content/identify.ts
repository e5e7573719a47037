import type { OpenFile } from "../walk/system";
import type { Clues } from "./clues";
import { contentOf, type Content } from "./content";
import { readGgufContent } from "./gguf";
import { judgeArchive } from "./inside-archive";
import { judgeJson, judgeJsonHead } from "./json-clues";
import { isSentencePiece, judgeMagic } from "./magic";
import { readOnnxContent } from "./onnx";
import { hasWholePickle, isTorchPickle, isTorchZip, readTorchContent } from "./pytorch";
import { readSafetensorsContent } from "./safetensors";
import { looksLikeSafetensors } from "./safetensors-header";
import { judgeText } from "./text";

/** Read of a file to tell what it is; the headers of models are read further where they are longer. */
export const HEAD_BYTES = 64 * 1024;
/** The list of an optimizer's tensors is longer than that; beyond this it is not looked at further. */
const PICKLE_BYTES = 8 * 1024 * 1024;

export interface Identified {
  content: Content;
  clues: Clues;
}

/** A file that begins like a model's, whose header is to be read to know more. */
export function beginsLikeModel(head: Buffer, size: number): boolean {
  return isGguf(head) || looksLikeSafetensors(head, size) || isTorchZip(head) || isTorchPickle(head);
}

/** What a large file is, by its bytes; its name is for messages, and for what is compressed and cannot be looked into. Throws the file system's errors. */
export async function identify(file: OpenFile, name: string): Promise<Identified> {
  const head = file.read(0, HEAD_BYTES);
  if (isGguf(head)) return { content: await readGgufContent(file, name), clues: {} };
  if (looksLikeSafetensors(head, file.size)) return { content: readSafetensorsContent(file), clues: {} };
  const isLongPickle = isTorchZip(head) && !hasWholePickle(head) && head.length < file.size;
  const found = identifyHead(isLongPickle ? file.read(0, PICKLE_BYTES) : head, file.size);
  if (found.content.kind !== "archive") return found;
  const tail = file.read(Math.max(0, file.size - HEAD_BYTES), HEAD_BYTES);
  const judge = (inside: Buffer): Content => identifyHead(inside, Infinity).content;
  return { ...found, content: judgeArchive(found.content, head, tail, name, judge) };
}

/** The same from a file's first bytes alone. */
export function identifyHead(head: Buffer, size: number): Identified {
  const plain = (content: Content): Identified => ({ content, clues: {} });
  if (isTorchZip(head) || isTorchPickle(head)) return plain(readTorchContent(head, head.length === size));
  const magic = judgeMagic(head);
  if (magic !== null) return plain(magic);
  if (isSentencePiece(head)) return { content: contentOf("tokenizer", "tokenizer"), clues: { hasTokenizer: true } };
  const onnx = readOnnxContent(head, size);
  if (onnx !== null) return plain(onnx);
  const isWhole = head.length === size;
  if (/^\s*[{[]/.test(head.toString("latin1", 0, 64)) && !head.includes(0)) {
    const text = head.toString("utf8");
    const json = isWhole ? judgeJson(text) : null;
    if (json !== null) return json;
    // Rows of JSON are no JSON.
    const rows = judgeText(head, isWhole);
    if (rows?.format === "jsonl") return plain(rows);
    if (!isWhole) return judgeJsonHead(text);
  }
  const text = judgeText(head, isWhole);
  if (text === null) return plain(contentOf("unknown", "other"));
  return { content: text, clues: text.format === "tokenizer" ? { hasTokenizer: true } : {} };
}

function isGguf(head: Buffer): boolean {
  return head.toString("latin1", 0, 4) === "GGUF";
}
