import { checkModelHeader, tensorFacts, type ModelFileSummary } from "./check-model";
import { invalidFile } from "./file-errors";
import { openGgufFile, type GgufSource } from "./header-reader";
import { readGgufHeader } from "./read-header";
import { splitParts } from "./split";
import type { GgufHeader, GgufMetadata, GgufTensorInfo } from "./types";

/** What a model's files say before its weights: one file, or all parts of a split one. */
export interface GgufModel {
  /** Of all parts together. */
  summary: ModelFileSummary;
  metadata: GgufMetadata;
  /** Of all parts; offsets count from the data of their own part. */
  tensors: GgufTensorInfo[];
}

/**
 * Reads and checks a model, with every part when it was split (`-00001-of-00003.gguf`).
 *
 * @param path of its file, or of its first part
 * @param openSource where the path is one of elsewhere, such as of a repository on the Hub
 * @throws MemwellError `model_file_missing` also for a missing part; `model_file_invalid`
 */
export async function readModel(
  path: string,
  openSource: (path: string) => Promise<GgufSource> = openGgufFile,
): Promise<GgufModel> {
  const first = await readGgufHeader(path, openSource);
  const summary = checkModelHeader(path, first);
  const { metadata } = first;
  const others = await readOtherParts(path, first, openSource);
  const tensors = [first, ...others].flatMap((part) => part.tensors);
  const fileBytes = others.reduce((sum, part) => sum + part.fileBytes, summary.fileBytes);
  return { summary: { ...summary, fileBytes, ...tensorFacts(tensors) }, metadata, tensors };
}

async function readOtherParts(
  path: string,
  first: GgufHeader,
  openSource: (path: string) => Promise<GgufSource>,
): Promise<GgufHeader[]> {
  const count = first.metadata.get("split.count");
  if (count?.type !== "uint16" || count.value < 2) return [];
  const parts = splitParts(path);
  if (parts.length !== count.value || parts[0] !== path)
    throw invalidFile(path, `it is the first of ${count.value} parts, and its name does not end as such a part's does`);
  const headers: GgufHeader[] = [];
  for (const part of parts.slice(1)) headers.push(await readGgufHeader(part, openSource));
  return headers;
}
