import type { PromptForm } from "./contract";

const SMALL_CONTEXT = 4096;
const SMALL_MODEL = 300_000_000;

/**
 * The full form for models that have room for it and make use of it. Compact, where instructions are a few tokens, for a
 * context below 4,096 tokens (the full instructions and history would fill half of it) or a model below 300 million parameters
 * (such models follow short instructions as well as long ones, or neither). A model that does not tell its parameters is
 * judged by its context alone.
 *
 * @param model `contextSize` in tokens; `parameters` as the file tells them.
 */
export function chooseForm(model: { contextSize: number; parameters: number | null }): PromptForm {
  if (model.contextSize < SMALL_CONTEXT) return "compact";
  return model.parameters !== null && model.parameters < SMALL_MODEL ? "compact" : "full";
}
