import { readGgufHeader, tensorFacts, type GgufMetadata, type GgufSource } from "../../gguf";
import { messageOf, MemwellError } from "../../errors";
import type { OpenFile } from "../walk/system";
import { contentOf, factsOf, shortText, type Content, type Role, type WeightFacts } from "./content";

/** What a GGUF file's header says. Never throws for what the file is: `problem` tells. */
export async function readGgufContent(file: OpenFile, name: string): Promise<Content> {
  const content = contentOf("gguf", "gguf");
  try {
    return { ...content, weights: await readFacts(sourceOf(file, name)) };
  } catch (thrown) {
    const problem = reasonOf(thrown);
    // A download that broke off still says what it was to become.
    const weights = await readFacts(endlessSource(file, name)).catch(() => null);
    return { ...content, weights: weights ?? factsOf("gguf", "model"), problem, isCut: weights !== null };
  }
}

async function readFacts(source: GgufSource): Promise<WeightFacts> {
  const { metadata, tensors } = await readGgufHeader(source.name, () => Promise.resolve(source));
  return factsFrom(metadata, tensorFacts(tensors));
}

export function sourceOf(file: OpenFile, name: string): GgufSource {
  return {
    name,
    bytes: file.size,
    read: (target, at, position) => Promise.resolve(file.readInto(target.subarray(at), position)),
    close: () => Promise.resolve(),
  };
}

const ENDLESS_BYTES = 2 ** 42;
/** Read behind the end at most: the reader asks for a whole chunk when the header ends in its middle. */
const BEHIND_BYTES = 2 ** 20;

/** The file as if its weights were all there. */
function endlessSource(file: OpenFile, name: string): GgufSource {
  const read = (target: Buffer, at: number, position: number): number => {
    const found = file.readInto(target.subarray(at), position);
    if (found > 0 || position > file.size + BEHIND_BYTES) return found;
    target.fill(0, at);
    return target.length - at;
  };
  return { ...sourceOf(file, name), bytes: ENDLESS_BYTES, read: (...place) => Promise.resolve(read(...place)) };
}

function factsFrom(metadata: GgufMetadata, tensors: ReturnType<typeof tensorFacts>) {
  const architecture = textOf(metadata, "general.architecture");
  const size = (key: string): number | null => numberOf(metadata, `${architecture}.${key}`);
  const tokens = metadata.get("tokenizer.ggml.tokens");
  const role: Role = textOf(metadata, "general.type") === "adapter" ? "adapter" : "model";
  const count = numberOf(metadata, "split.count") ?? 0;
  const named = textOf(metadata, "general.base_model.0.repo_url") ?? textOf(metadata, "general.base_model.0.name");
  return factsOf("gguf", role, {
    architecture,
    name: textOf(metadata, "general.name") ?? textOf(metadata, "general.basename"),
    parameters: tensors.parameters,
    quantization: tensors.quantization,
    base: named?.replace(/^https:\/\/huggingface\.co\//, "") ?? null,
    layers: size("block_count"),
    width: size("embedding_length"),
    vocabulary: tokens?.type === "array" ? tokens.value.length : size("vocab_size"),
    part: count > 1 ? { index: numberOf(metadata, "split.no") ?? 0, count } : null,
  });
}

function textOf(metadata: GgufMetadata, key: string): string | null {
  return shortText(metadata.get(key)?.value);
}

function numberOf(metadata: GgufMetadata, key: string): number | null {
  const value = metadata.get(key)?.value;
  return typeof value === "number" && Number.isSafeInteger(value) ? value : null;
}

export function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof MemwellError)) return messageOf(thrown);
  return typeof thrown.fields.reason === "string" ? thrown.fields.reason : thrown.message;
}
