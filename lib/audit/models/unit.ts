import { parseRepoFolder } from "../../hub/layout";
import { rankOfFormat, type WeightFacts, type WeightFormat } from "../content/content";
import type { Kind } from "../kinds";
import { toText, type BytePath } from "../walk/byte-path";
import { pathOf, type FileRecord } from "../walk/file-record";
import type { Folder } from "../walk/folder";
import { addSums, noSums, sumsOf, type Sums } from "../walk/sums";

export type ModelKind = Extract<Kind, "gguf" | "hub-cache" | "full-model" | "weights" | "adapter" | "checkpoint">;

/** One model or adapter: a file, or the files of a folder that belong together. */
export interface ModelUnit {
  kind: ModelKind;
  /** Of its file, or of its folder when that is all its own. */
  path: BytePath;
  folder: Folder;
  /** Its weights first. */
  records: FileRecord[];
  sums: Sums;
  /** The one to keep first. */
  formats: WeightFormat[];
  /** Of its weights, by format. */
  sumsOfFormat: Map<WeightFormat, Sums>;
  facts: Omit<WeightFacts, "format" | "role" | "part">;
  /** What only serves to go on with its training. */
  trainingState: Sums;
  /** The step of its training at which it was written. */
  step: number | null;
  /** ORG/NAME, when it stands in a Hugging Face cache under its own name. */
  repoId: string | null;
  problems: string[];
  linkedBy: number;
  linkedFromBeside: number;
}

/** @param small what the folder's small files add: configs, tokenizers */
export function makeUnit(kind: ModelKind, folder: Folder, records: FileRecord[], small: Sums = noSums()): ModelUnit {
  const isAlone = records.length === 1 && small.nb_files === 0;
  const isHub = kind === "hub-cache" && folder.parent !== null;
  const home = isHub ? (folder.parent ?? folder) : folder;
  const sums = { ...small };
  const trainingState = noSums();
  const sumsOfFormat = new Map<WeightFormat, Sums>();
  for (const record of records) {
    record.kind = kind;
    const own = { apparent_size: record.size, size_on_disk: record.sizeOnDisk, nb_files: 1 };
    addSums(sums, own);
    const weights = record.content?.weights;
    if (isTrainingState(record)) addSums(trainingState, own);
    else if (weights) addSums(sumsOf(sumsOfFormat, weights.format), own);
  }
  return {
    kind,
    // A folder may hold several models in parts: the first part stands for its model.
    path: kind === "gguf" || (isAlone && !isHub) ? pathOf(records[0] as FileRecord) : home.path,
    folder,
    records,
    sums,
    formats: [...sumsOfFormat.keys()].sort((left, right) => rankOfFormat(left) - rankOfFormat(right)),
    sumsOfFormat,
    facts: factsFrom(folder, records),
    trainingState,
    step: folder.clues.trainerStep ?? null,
    repoId: repoIdOf(folder, records),
    problems: records.flatMap(({ content }) => content?.problem ?? []),
    linkedBy: records.reduce((sum, record) => sum + record.linkedBy, 0),
    linkedFromBeside: records.reduce((sum, record) => sum + record.linkedFromBeside, 0),
  };
}

/** A GGUF file in a cache has a repository, too: its blob is what the settings mean by that one's name. */
function repoIdOf({ parent }: Folder, records: readonly FileRecord[]): string | null {
  if (parent === null || !records.some(({ linkedFromBeside }) => linkedFromBeside > 0)) return null;
  return parseRepoFolder(toText(parent.name))?.repo_id ?? null;
}

export function isTrainingState({ content }: FileRecord): boolean {
  return content?.weights?.role === "training-state" || (content?.weights === null && content.kind === "checkpoint");
}

function factsFrom(folder: Folder, records: readonly FileRecord[]): ModelUnit["facts"] {
  const all = records.flatMap(({ content }) => (content?.weights ? [content.weights] : []));
  const known = all.filter(({ role }) => role !== "training-state");
  const isGguf = known[0]?.format === "gguf";
  const { config, adapter } = isGguf ? {} : folder.clues;
  const first = <Key extends keyof WeightFacts>(key: Key) => known.find((facts) => facts[key] !== null)?.[key] ?? null;
  return {
    architecture: config?.architecture ?? first("architecture"),
    name: first("name"),
    parameters: parametersOf(known),
    quantization: first("quantization") ?? config?.quantization ?? null,
    base: adapter?.base ?? first("base") ?? config?.base ?? null,
    layers: config?.layers ?? first("layers"),
    width: config?.width ?? first("width"),
    vocabulary: config?.vocabulary ?? first("vocabulary"),
    rank: adapter?.rank ?? first("rank"),
  };
}

/** The parts of one format add up; another format of the same model does not add to it. */
function parametersOf(all: readonly WeightFacts[]): number | null {
  const byFormat = new Map<WeightFormat, number>();
  for (const { format, parameters } of all)
    if (parameters !== null) byFormat.set(format, (byFormat.get(format) ?? 0) + parameters);
  return byFormat.size === 0 ? null : Math.max(...byFormat.values());
}
