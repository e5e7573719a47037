import { invalidAdapter } from "./file-errors";
import { MetadataView } from "./metadata-view";
import { printable } from "./read-metadata";
import { readGgufHeader } from "./read-header";
import type { GgufTensorInfo } from "./types";

/** What a LoRA file says about itself. */
export interface AdapterFileSummary {
  architecture: string;
  name: string | null;
  /** The scale is alpha / rank; 0 means that the scale is 1. */
  alpha: number;
  /** Largest rank of all pairs. */
  rank: number;
  /** The base tensors it changes. */
  targets: string[];
  fileBytes: number;
}

interface LoraPair {
  a: GgufTensorInfo;
  b: GgufTensorInfo;
}

interface ReadAdapter {
  summary: AdapterFileSummary;
  pairs: Map<string, LoraPair>;
}

/**
 * Checks a LoRA adapter as llama.cpp's `llama_adapter_lora_init_impl` reads it (src/llama-adapter.cpp).
 *
 * @throws MemwellError `model_file_missing` or `model_file_invalid` when it is not a whole GGUF file, `adapter_invalid`
 *   when it is one and no LoRA adapter
 */
export async function checkAdapterFile(path: string): Promise<AdapterFileSummary> {
  return (await readAdapter(path)).summary;
}

/**
 * Checks that an adapter belongs on a model: same architecture, and every pair fits the tensor it changes.
 *
 * @throws MemwellError as `checkAdapterFile`, and `adapter_invalid` with both paths when they do not match
 */
export async function checkAdapterFitsModel(adapterPath: string, modelPath: string): Promise<void> {
  const { summary, pairs } = await readAdapter(adapterPath);
  const model = new MetadataView(modelPath, await readGgufHeader(modelPath));
  const refuse = (reason: string): never => {
    throw invalidAdapter(adapterPath, reason, { modelPath });
  };
  const architecture = model.requiredText("general.architecture");
  if (architecture !== summary.architecture) {
    refuse(
      `it is for models of the kind ${printable(summary.architecture)}, and the base is a ${printable(architecture)}`,
    );
  }
  const tensors = new Map(model.header.tensors.map((tensor) => [tensor.name, tensor]));
  for (const [name, { a, b }] of pairs) {
    const target = tensors.get(name);
    if (target === undefined) return refuse(`it changes ${printable(name)}, which the base does not have`);
    const [columns, rows] = target.shape;
    // The embedding is a table and not a product, so llama.cpp wants its pair the other way round.
    const fits = name.endsWith("token_embd.weight")
      ? columns === b.shape[1] && rows === a.shape[1]
      : columns === a.shape[0] && rows === b.shape[1];
    if (!fits) refuse(`it changes ${printable(name)} in a size that the base does not have (${columns} x ${rows})`);
  }
}

async function readAdapter(path: string): Promise<ReadAdapter> {
  const view = new MetadataView(path, await readGgufHeader(path));
  const refuse = (reason: string): never => {
    throw invalidAdapter(path, reason);
  };
  const type = view.text("general.type");
  if (type !== "adapter") refuse("it is a model of its own, not an adapter");
  const adapterType = view.text("adapter.type");
  if (adapterType !== "lora") refuse(`its kind is ${printable(adapterType ?? "unknown")}, and only lora is supported`);
  const architecture = view.requiredText("general.architecture");
  const alpha = view.number("adapter.lora.alpha") ?? 0;
  if (!(alpha >= 0 && alpha < Infinity)) refuse(`its alpha is ${alpha}`);
  const tokens = view.header.metadata.get("adapter.alora.invocation_tokens");
  if (tokens !== undefined && (tokens.type !== "array" || tokens.itemType !== "uint32")) {
    refuse("its invocation tokens are not numbers");
  }
  const pairs = readPairs(view, refuse);
  const rank = [...pairs.values()].reduce((most, { b }) => Math.max(most, b.shape[0] ?? 0), 0);
  return {
    summary: {
      architecture,
      name: view.text("general.name"),
      alpha,
      rank,
      targets: [...pairs.keys()],
      fileBytes: view.header.fileBytes,
    },
    pairs,
  };
}

function readPairs(view: MetadataView, refuse: (reason: string) => never): Map<string, LoraPair> {
  const halves = new Map<string, Partial<LoraPair>>();
  for (const tensor of view.header.tensors) {
    const half = tensor.name.endsWith(".lora_a") ? "a" : tensor.name.endsWith(".lora_b") ? "b" : null;
    if (half === null) {
      if (tensor.name.endsWith("_norm.weight")) continue; // llama.cpp leaves these out
      refuse(`the tensor ${printable(tensor.name)} is no part of a LoRA pair`);
    } else {
      const name = tensor.name.slice(0, -".lora_a".length);
      halves.set(name, { ...halves.get(name), [half]: tensor });
    }
  }
  const pairs = new Map<string, LoraPair>();
  for (const [name, { a, b }] of halves) {
    if (a === undefined || b === undefined) return refuse(`half of the pair for ${printable(name)} is missing`);
    if (a.shape.length !== 2 || b.shape.length !== 2) refuse(`the pair for ${printable(name)} is not two matrices`);
    const sameRank = name.endsWith("token_embd.weight") ? a.shape[0] === b.shape[0] : a.shape[1] === b.shape[0];
    if (!sameRank) refuse(`the two matrices for ${printable(name)} have different ranks`);
    pairs.set(name, { a, b });
  }
  if (pairs.size === 0) refuse("it changes nothing");
  return pairs;
}
