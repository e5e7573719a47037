/** What a model's `config.json` says, in the words of transformers. */
export interface ModelConfig {
  architecture: string | null;
  layers: number | null;
  width: number | null;
  vocabulary: number | null;
  /** "gptq", "awq" and so on; else the type of its values. */
  quantization: string | null;
  base: string | null;
}

/** What the small files beside weights say about them. */
export interface Clues {
  config?: ModelConfig;
  /** peft's `adapter_config.json`. */
  adapter?: { base: string | null; rank: number | null };
  /** transformers' `trainer_state.json`: the step at which this checkpoint was written. */
  trainerStep?: number;
  /** What tells one training from another: the first line of its log; null when it has none. */
  training?: string | null;
  /** The step that was the best so far. */
  bestStep?: number | null;
  hasTokenizer?: boolean;
}
