import { foldersOf, type Folder } from "../walk/folder";
import { addSums, noSums } from "../walk/sums";
import type { FileRecord } from "../walk/file-record";
import { isTrainingState, makeUnit, type ModelKind, type ModelUnit } from "./unit";

/**
 * Puts files together to models and adapters, and gives their files the kind of the whole. In each folder:
 *
 * 1. each GGUF file is a model or an adapter of its own; the parts of a split one are one;
 * 2. adapters in other formats: one with a config of peft takes the folder's tokenizer and state of training along;
 * 3. other weights: with a config beside them they are one model, and else each file is one;
 * 4. what only serves training and belongs to neither is a checkpoint.
 */
export function findModels(root: Folder): ModelUnit[] {
  const units: ModelUnit[] = [];
  for (const folder of foldersOf(root)) {
    if (folder.surroundings === null && folder.records.length > 0) for (const unit of unitsIn(folder)) units.push(unit);
  }
  return units;
}

function unitsIn(folder: Folder): ModelUnit[] {
  const weights = folder.records.filter(({ content }) => content?.weights != null);
  const state = folder.records.filter(isTrainingState);
  const others = weights.filter((record) => record.content?.weights?.format !== "gguf" && !isTrainingState(record));
  const adapters = others.filter((record) => record.content?.weights?.role === "adapter");
  const models = others.filter((record) => record.content?.weights?.role !== "adapter");
  const units = ggufUnits(folder, weights); // 1

  const adapterTakesAll = adapters.length > 0 && models.length === 0 && isOneAdapter(folder, adapters);
  if (adapterTakesAll)
    units.push(wholeFolder("adapter", folder, [...adapters, ...state])); // 2
  else for (const record of adapters) units.push(makeUnit("adapter", folder, [record]));

  const { config } = folder.clues;
  const modelTakesAll = models.length > 0 && config !== undefined;
  if (modelTakesAll)
    units.push(wholeFolder(kindOfModel(folder, models, state), folder, [...models, ...state])); // 3
  else for (const record of models) units.push(makeUnit("weights", folder, [record]));

  if (!adapterTakesAll && !modelTakesAll && state.length > 0) units.push(wholeFolder("checkpoint", folder, state)); // 4
  return units;
}

function isOneAdapter(folder: Folder, adapters: readonly FileRecord[]): boolean {
  return folder.clues.adapter !== undefined || adapters.length === 1;
}

function kindOfModel(folder: Folder, models: readonly FileRecord[], state: readonly FileRecord[]): ModelKind {
  if (models.some(({ linkedFromBeside }) => linkedFromBeside > 0)) return "hub-cache";
  if (state.length > 0 || folder.clues.trainerStep !== undefined) return "checkpoint";
  return folder.clues.hasTokenizer ? "full-model" : "weights";
}

/** With the tokenizers, configs and states of training that stand beside the weights. */
function wholeFolder(kind: ModelKind, folder: Folder, records: FileRecord[]): ModelUnit {
  const beside = folder.records.filter((record) => record.kind === "tokenizer" && !records.includes(record));
  const small = noSums();
  for (const from of ["tokenizer", "checkpoint"] as const) addSums(small, folder.moveSmall(from, kind));
  return makeUnit(kind, folder, [...records, ...beside], small);
}

function ggufUnits(folder: Folder, weights: readonly FileRecord[]): ModelUnit[] {
  const parts = new Map<string, FileRecord[]>();
  const units: ModelUnit[] = [];
  for (const record of weights) {
    const facts = record.content?.weights;
    if (facts?.format !== "gguf") continue;
    if (facts.part === null) {
      units.push(makeUnit(facts.role === "adapter" ? "adapter" : "gguf", folder, [record]));
      continue;
    }
    // Only the first part says what model it is; all say how many there are.
    const key = String(facts.part.count);
    const known = parts.get(key);
    if (known === undefined) parts.set(key, [record]);
    else known.push(record);
  }
  for (const records of [...parts.values()].flatMap(splitsIn))
    units.push(
      makeUnit(
        "gguf",
        folder,
        records.sort((left, right) => indexOf(left) - indexOf(right)),
      ),
    );
  return units;
}

function indexOf({ content }: FileRecord): number {
  return content?.weights?.part?.index ?? 0;
}

/** Two models of as many parts in one folder: only their names tell which part is whose; if those do not, none is a whole. */
function splitsIn(records: FileRecord[]): FileRecord[][] {
  const isOne = (parts: readonly FileRecord[]): boolean => new Set(parts.map(indexOf)).size === parts.length;
  if (isOne(records)) return [records];
  const byName = new Map<string, FileRecord[]>();
  for (const record of records) {
    const name = record.name.replace(/\d+-of-\d+(?=\D*$)/, "");
    byName.set(name, [...(byName.get(name) ?? []), record]);
  }
  return [...byName.values()].flatMap((parts) => (isOne(parts) ? [parts] : parts.map((record) => [record])));
}
