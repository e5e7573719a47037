import type { SyntheticShape } from "./synthetic-shape";

const DEMO = {
  blockCount: 6,
  embeddingLength: 256,
  feedForwardLength: 704,
  headCount: 8,
  headCountKv: 4,
  contextLength: 4096,
  vocabularySize: 4096,
  quantization: "Q8_0",
  license: "apache-2.0",
} as const;

/** What Memwell makes on its first start when nobody has chosen a response model: real to load, nonsense to read. */
export const demoResponseShape: SyntheticShape = {
  ...DEMO,
  name: "Memwell demo response (random weights)",
  seed: 1,
  description: "Random weights that write readable nonsense, so that Memwell can be tried before a model is chosen",
};

/** The same for the reasoning model: it thinks before it answers. */
export const demoReasoningShape: SyntheticShape = {
  ...DEMO,
  name: "Memwell demo reasoning (random weights)",
  seed: 2,
  thinks: true,
  description:
    "Random weights that think and answer in readable nonsense, so that Memwell can be tried before a model is chosen",
};
