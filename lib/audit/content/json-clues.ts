import type { Clues, ModelConfig } from "./clues";
import { shortText, type Content, contentOf } from "./content";

export interface JsonFinding {
  content: Content;
  clues: Clues;
}

/** What a JSON file is, from its keys. `text`: all of it. Null when it is no JSON. */
export function judgeJson(text: string): JsonFinding | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (Array.isArray(value)) {
    const isRows = value.length > 1 && value.every((row) => typeof row === "object" && row !== null);
    return { content: contentOf("json", isRows ? "dataset" : "other"), clues: {} };
  }
  if (typeof value !== "object" || value === null) return { content: contentOf("json", "other"), clues: {} };
  return judgeObject(value as Record<string, unknown>);
}

function judgeObject(value: Record<string, unknown>): JsonFinding {
  const has = (key: string): boolean => Object.hasOwn(value, key);
  const ofModel = (clues: Clues): JsonFinding => ({ content: contentOf("json", "tokenizer"), clues });
  if (has("peft_type"))
    return ofModel({ adapter: { base: shortText(value.base_model_name_or_path), rank: count(value.r) } });
  if (has("global_step") && has("log_history"))
    return {
      content: contentOf("json", "checkpoint"),
      clues: {
        trainerStep: count(value.global_step) ?? 0,
        training: Array.isArray(value.log_history) ? firstEntryOf(JSON.stringify(value.log_history)) : null,
        bestStep: count(value.best_global_step) ?? stepIn(value.best_model_checkpoint),
      },
    };
  if (has("architectures") || (has("model_type") && typeof value.model_type === "string" && has("hidden_size")))
    return ofModel({ config: readConfig(value) });
  if (isTokenizer(value)) return { content: contentOf("tokenizer", "tokenizer"), clues: { hasTokenizer: true } };
  if (has("weight_map") || (has("eos_token_id") && has("transformers_version"))) return ofModel({});
  const isCode = (has("name") && has("version")) || has("compilerOptions") || has("scripts") || has("dependencies");
  return { content: contentOf("json", isCode ? "code" : "other"), clues: {} };
}

function isTokenizer(value: Record<string, unknown>): boolean {
  if (Object.hasOwn(value, "tokenizer_class") || Object.hasOwn(value, "added_tokens_decoder")) return true;
  const model = value.model;
  return typeof model === "object" && model !== null && Object.hasOwn(model, "vocab");
}

function readConfig(value: Record<string, unknown>): ModelConfig {
  const inner = typeof value.text_config === "object" && value.text_config !== null ? value.text_config : {};
  const all = { ...(inner as Record<string, unknown>), ...value };
  const first: unknown = Array.isArray(value.architectures) ? value.architectures[0] : null;
  const quantization = all.quantization_config as { quant_method?: unknown } | undefined;
  return {
    architecture: shortText(value.model_type) ?? shortText(first),
    layers: count(all.num_hidden_layers) ?? count(all.n_layer),
    width: count(all.hidden_size) ?? count(all.n_embd),
    vocabulary: count(all.vocab_size),
    quantization: shortText(quantization?.quant_method) ?? shortText(all.torch_dtype) ?? shortText(all.dtype),
    base: shortText(value._name_or_path),
  };
}

function count(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** The first object of a list, without blanks: short and long files are to say the same. */
function firstEntryOf(list: string): string | null {
  return /^\[\s*(\{[^{}]{1,2000}\})/.exec(list)?.[1]?.replace(/\s/g, "") ?? null;
}

/** Of a path such as `out/checkpoint-500`. */
function stepIn(path: unknown): number | null {
  const digits = typeof path === "string" ? /-(\d{1,12})\/?$/.exec(path)?.[1] : undefined;
  return digits === undefined ? null : Number(digits);
}

/** The same of a long file, of which only the beginning was read: by keys that come early. */
export function judgeJsonHead(head: string): JsonFinding {
  const found = (kind: "tokenizer" | "checkpoint" | "dataset" | "other", clues: Clues = {}): JsonFinding => ({
    content: contentOf(kind === "tokenizer" ? "tokenizer" : "json", kind),
    clues,
  });
  const isVocabulary = /^\s*\{\s*(?:"(?:[^"\\]|\\.)+"\s*:\s*\d+\s*,\s*){8}/.test(head);
  if (/"added_tokens(?:_decoder)?"\s*:/.test(head) || isVocabulary) return found("tokenizer", { hasTokenizer: true });
  if (/"weight_map"\s*:/.test(head)) return found("tokenizer");
  const step = /"global_step"\s*:\s*(\d{1,12})/.exec(head);
  if (step !== null && /"(?:log_history|best_metric|epoch)"\s*:/.test(head))
    return found("checkpoint", {
      trainerStep: Number(step[1]),
      training: firstEntryOf(/"log_history"\s*:\s*(\[[^]*)/.exec(head)?.[1] ?? ""),
      bestStep: stepIn(/"best_model_checkpoint"\s*:\s*"([^"]*)"/.exec(head)?.[1]),
    });
  if (/^\s*\[\s*\{/.test(head)) return found("dataset");
  return found("other");
}
