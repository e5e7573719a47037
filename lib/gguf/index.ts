/** GGUF files: read strictly, checked before llama.cpp sees them, and written, real or synthetic. */
export { checkAdapterFile, checkAdapterFitsModel } from "./check-adapter";
export type { AdapterFileSummary } from "./check-adapter";
export { checkModelFile, tensorFacts } from "./check-model";
export type { ModelFileSummary } from "./check-model";
export { demoReasoningShape, demoResponseShape } from "./demo-shapes";
export type { GgufSource } from "./header-reader";
export { SeededRandom } from "./random";
export { readGgufHeader } from "./read-header";
export { readModel, type GgufModel } from "./read-model";
export { splitParts } from "./split";
export { parameterCount } from "./synthetic-shape";
export type { SyntheticShape } from "./synthetic-shape";
export { SYNTHETIC_TYPES } from "./random-blocks";
export type { SyntheticType } from "./random-blocks";
export { writeSyntheticAdapter } from "./synthetic-adapter";
export type { SyntheticAdapter } from "./synthetic-adapter";
export { writeSyntheticModel } from "./synthetic-model";
export type {
  GgufArrayItems,
  GgufHeader,
  GgufMetadata,
  GgufScalarType,
  GgufTensorInfo,
  GgufValue,
  GgufValueType,
  TensorType,
} from "./types";
export { writeGguf } from "./write";
export type { GgufTensorSource } from "./write";
