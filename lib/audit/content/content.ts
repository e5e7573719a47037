import type { Kind } from "../kinds";

export type Format =
  | "gguf"
  | "safetensors"
  | "pytorch"
  | "onnx"
  | "tokenizer"
  | "parquet"
  | "arrow"
  | "csv"
  | "jsonl"
  | "numpy"
  | "hdf5"
  | "sqlite"
  | "zip"
  | "tar"
  | "gzip"
  | "bzip2"
  | "xz"
  | "zstandard"
  | "7z"
  | "rar"
  | "git-pack"
  | "json"
  | "text"
  | "picture"
  | "sound"
  | "video"
  | "pdf"
  | "program"
  | "unknown";

/** The formats that hold weights. */
export type WeightFormat = Extract<Format, "gguf" | "safetensors" | "pytorch" | "onnx">;

const KEEP_FIRST: readonly WeightFormat[] = ["safetensors", "gguf", "onnx", "pytorch"];

/** Which of several formats one would keep: the lower, the rather. PyTorch's own is last, as reading it runs code. */
export function rankOfFormat(format: WeightFormat): number {
  return KEEP_FIRST.indexOf(format);
}

/** What a file of weights is for. */
export type Role = "model" | "adapter" | "training-state";

/** What a header says of the weights behind it; null for what it does not say. */
export interface WeightFacts {
  format: WeightFormat;
  role: Role;
  architecture: string | null;
  name: string | null;
  /** Values in all tensors. */
  parameters: number | null;
  /** The type most values have: "Q4_K", "BF16". */
  quantization: string | null;
  /** The model it was made from, as its maker named it. */
  base: string | null;
  layers: number | null;
  /** Values of one token's embedding. */
  width: number | null;
  vocabulary: number | null;
  /** Of a LoRA adapter. */
  rank: number | null;
  /** Of a model in several files: which one this is, of how many. */
  part: { index: number; count: number } | null;
}

/** What one file was found to be by its bytes. */
export interface Content {
  format: Format;
  kind: Kind;
  weights: WeightFacts | null;
  /** What is wrong with it, as a clause; null when nothing is. */
  problem: string | null;
  /** Whether it surely has less than it says. Any other problem may be one of the reader, which does not know its format. */
  isCut: boolean;
}

export function contentOf(format: Format, kind: Kind): Content {
  return { format, kind, weights: null, problem: null, isCut: false };
}

export function factsOf(format: WeightFormat, role: Role, known: Partial<WeightFacts> = {}): WeightFacts {
  return {
    format,
    role,
    architecture: null,
    name: null,
    parameters: null,
    quantization: null,
    base: null,
    layers: null,
    width: null,
    vocabulary: null,
    rank: null,
    part: null,
    ...known,
  };
}

/** Texts of strangers' files end up in terminals and tables: short, one line, nothing that steers. */
export function shortText(value: unknown): string | null {
  if (typeof value !== "string" || value === "") return null;
  return value.slice(0, 200).replace(/[\p{C}\u2028\u2029]/gu, "?");
}
