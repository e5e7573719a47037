import type { MetadataView } from "./metadata-view";
import { printable } from "./read-metadata";

const MAX_VOCABULARY = 2 * 1024 * 1024;
/** LLAMA_TOKEN_TYPE_BYTE in llama.h. */
const BYTE_TOKEN = 6;
const SPECIAL_TOKENS = [
  "bos",
  "eos",
  "eot",
  "eom",
  "unknown",
  "seperator", // spelled so in the format
  "padding",
  "mask",
  "cls",
  "prefix",
  "suffix",
  "middle",
  "fim_pre",
  "fim_suf",
  "fim_mid",
  "fim_pad",
  "fim_rep",
  "fim_sep",
];
const FLAGS = ["add_bos_token", "add_eos_token", "add_sep_token", "add_space_prefix", "remove_extra_whitespaces"];

/**
 * Checks the vocabulary as llama.cpp's `llama_vocab::load` reads it (src/llama-vocab.cpp) and says how many tokens it has.
 *
 * @throws MemwellError `model_file_invalid`
 */
export function checkTokenizer(view: MetadataView): number {
  const model = view.requiredText("tokenizer.ggml.model");
  view.text("tokenizer.ggml.pre");
  view.text("tokenizer.chat_template");
  for (const flag of FLAGS) view.flag(`tokenizer.ggml.${flag}`);
  if (model === "none" || model === "no_vocab") view.refuse("it has no vocabulary, so it cannot chat");
  const tokens = view.texts("tokenizer.ggml.tokens");
  if (tokens === null || tokens.length === 0) view.refuse("tokenizer.ggml.tokens is missing or empty");
  if (tokens.length > MAX_VOCABULARY) view.refuse(`its vocabulary claims ${tokens.length} tokens`);
  checkTokens(view, tokens);
  checkLength(view, "tokenizer.ggml.token_type", ["int32"], tokens.length);
  checkByteTokens(view, tokens);
  view.items("tokenizer.ggml.suppress_tokens", ["int32"]);
  checkLength(view, "tokenizer.ggml.scores", ["float32", "int32"], tokens.length);
  const merges = view.texts("tokenizer.ggml.merges");
  if (model === "gpt2" && merges === null && view.text("tokenizer.ggml.pre") !== "kimi-k2") {
    view.refuse("tokenizer.ggml.merges is missing");
  }
  const broken = merges?.findIndex((merge) => merge.indexOf(" ", 1) < 0) ?? -1;
  if (broken >= 0) view.refuse(`merge ${broken} in tokenizer.ggml.merges is not a pair`);
  for (const name of SPECIAL_TOKENS) {
    view.count(`tokenizer.ggml.${name}_token_id`, { least: 0, most: tokens.length - 1 });
  }
  return tokens.length;
}

function checkTokens(view: MetadataView, tokens: string[]): void {
  const seen = new Set<string>();
  for (const token of tokens) {
    // A damaged text decodes to U+FFFD, and two different ones may then look alike.
    if (seen.has(token) && !token.includes("\uFFFD") && token !== "") {
      view.refuse(`the token ${JSON.stringify(printable(token))} is there twice`);
    }
    seen.add(token);
  }
}

/** llama.cpp reads the byte out of the text of a byte token. */
function checkByteTokens(view: MetadataView, tokens: string[]): void {
  const types = view.items("tokenizer.ggml.token_type", ["int32"]);
  if (types === null) return;
  const wrong = tokens.findIndex((token, id) => types[id] === BYTE_TOKEN && !/^<0x[0-9A-F]{2}>$/i.test(token));
  if (wrong >= 0)
    view.refuse(`token ${wrong} is called a byte and is ${JSON.stringify(printable(tokens[wrong] ?? ""))}`);
}

function checkLength(
  view: MetadataView,
  key: string,
  itemTypes: readonly ("int32" | "float32")[],
  count: number,
): void {
  const items = view.items(key, itemTypes);
  if (items !== null && items.length !== count) view.refuse(`${key} has ${items.length} items for ${count} tokens`);
}
