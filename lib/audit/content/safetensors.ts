import type { OpenFile } from "../walk/system";
import { contentOf, factsOf, shortText, type Content, type Role, type WeightFacts } from "./content";
import { readSafetensorsHeader, valuesOf, type SafetensorsHeader, type SafetensorsTensor } from "./safetensors-header";

/** What a safetensors file's header says. Never throws for what the file is: `problem` tells. */
export function readSafetensorsContent(file: OpenFile): Content {
  const header = readSafetensorsHeader(file);
  if (typeof header === "string")
    return { ...contentOf("safetensors", "weights"), weights: factsOf("safetensors", "model"), problem: header };
  const weights = factsFrom(header);
  const kind = weights.role === "adapter" ? "adapter" : weights.role === "training-state" ? "checkpoint" : "weights";
  return {
    ...contentOf("safetensors", kind),
    weights,
    problem: problemOf(header, file.size),
    isCut: header.claimedSize > file.size,
  };
}

function problemOf({ claimedSize }: SafetensorsHeader, size: number): string | null {
  if (claimedSize === size) return null;
  return claimedSize > size
    ? `it has ${size} bytes where its header needs ${claimedSize}, as after a broken download`
    : `it has ${size - claimedSize} bytes that its header does not know of`;
}

function factsFrom({ tensors, metadata }: SafetensorsHeader): WeightFacts {
  const role = roleOf(tensors);
  const lora = tensors.find(({ name }) => /lora_A/i.test(name));
  const embeddings = tensors.find(({ name, shape }) => /(?:embed_tokens|wte|tok_embeddings)\.weight$/.test(name) && shape.length === 2); // prettier-ignore
  const isWhole = role === "model" && embeddings !== undefined;
  return factsOf("safetensors", role, {
    name: shortText(metadata.get("modelspec.title") ?? metadata.get("name")),
    base: shortText(metadata.get("base_model") ?? metadata.get("ss_base_model_version")),
    architecture: shortText(metadata.get("modelspec.architecture") ?? metadata.get("architecture")),
    parameters: tensors.reduce((sum, { shape }) => sum + valuesOf(shape), 0),
    quantization: commonestType(tensors),
    rank: role === "adapter" && lora !== undefined ? Math.min(...lora.shape) : null,
    layers: layersOf(tensors),
    vocabulary: isWhole ? (embeddings.shape[0] ?? null) : null,
    width: isWhole ? (embeddings.shape[1] ?? null) : null,
  });
}

/** peft writes `lora_A`, diffusers `lora.down`, kohya's scripts `lora_down`; optimizers keep two moments of each tensor. */
function roleOf(tensors: readonly SafetensorsTensor[]): Role {
  if (tensors.length === 0) return "model";
  const share = (form: RegExp): number => tensors.filter(({ name }) => form.test(name)).length / tensors.length;
  if (share(/lora_[AB]\b|lora_(?:down|up)\b|lora\.(?:down|up)\b|lora_embedding/i) > 0.3) return "adapter";
  // The weights themselves may stand among them.
  const isState = tensors.every(({ name, shape }) => /exp_avg|momentum_buffer/.test(name) || shape.length < 2);
  return isState && share(/exp_avg|momentum_buffer/) > 0.3 ? "training-state" : "model";
}

function commonestType(tensors: readonly SafetensorsTensor[]): string | null {
  const values = new Map<string, number>();
  for (const { dtype, shape } of tensors) values.set(dtype, (values.get(dtype) ?? 0) + valuesOf(shape));
  const sorted = [...values].sort((left, right) => right[1] - left[1]);
  return shortText(sorted[0]?.[0]);
}

/** One more than the highest number in `layers.N.` or `h.N.`; null when nothing is numbered. */
function layersOf(tensors: readonly SafetensorsTensor[]): number | null {
  let most = -1;
  for (const { name } of tensors) {
    const match = /(?:^|\.)(?:layers|h|blocks|block)\.(\d{1,4})\./.exec(name);
    if (match !== null) most = Math.max(most, Number(match[1]));
  }
  return most < 0 ? null : most + 1;
}
