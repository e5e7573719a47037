import type { AuditModel, AuditReport } from "../contract";
import type { AuditPlan } from "../plan/contract";
import type { Needed } from "../plan/draft";
import type { StorageRules } from "../plan/rules";

/** What the profiles choose from: each model in its quants, and the adapters whose training has ended. */
export interface Choices {
  /** Each GGUF model that can be loaded, its quants from the smallest on. */
  families: AuditModel[][];
  /** GGUF adapters, which Memwell loads, from the smallest on. */
  adapters: AuditModel[];
  /** Adapters as they were trained: the last step of each. */
  trained: AuditModel[];
  /** Whole models in other formats that are no copies. */
  whole: AuditModel[];
  domainOf: ReadonlyMap<string, string>;
}

/** @param plan what its cleanup removes is in no profile */
export function choicesOf(
  { models, duplicates, findings }: AuditReport,
  plan: AuditPlan,
  domainOf: Choices["domainOf"],
): Choices {
  const cleanup = plan.phases.find(({ phase }) => phase === "cleanup")?.steps ?? [];
  const gone = cleanup.flatMap(({ paths }) => paths);
  const left = models.filter(({ problems }) => problems.length === 0).map((model) => withoutFiles(model, gone));
  const usable = left.filter(({ files }) => files.length > 0);
  const superseded = new Set(findings.filter(({ cause }) => cause === "earlier-step").map(({ path }) => path));
  const adapters = bySize(usable.filter(({ kind, path }) => kind === "adapter" && !superseded.has(path)));
  const isGguf = ({ formats }: AuditModel): boolean => formats.includes("gguf");
  // A quant that goes since another one stays may still be the one for a phone; what goes wholly is in no profile.
  const isLeft = (family: readonly AuditModel[]): boolean =>
    family.some(({ path }) => usable.some((model) => model.path === path));
  return {
    families: familiesOf(models, duplicates).filter(isLeft),
    adapters: adapters.filter(isGguf),
    trained: adapters.filter((adapter) => !isGguf(adapter)),
    whole: usable.filter(
      ({ kind, files }) => WHOLE.has(kind) && !files.every(({ path }) => copiesIn(duplicates).has(path)),
    ),
    domainOf,
  };
}

const WHOLE = new Set<AuditModel["kind"]>(["hub-cache", "full-model", "weights"]);

/** What loads by itself: a vocabulary or a part that sees pictures is no model. */
function familiesOf(models: readonly AuditModel[], { same_model }: AuditReport["duplicates"]): AuditModel[][] {
  const whole = models.filter(
    ({ kind, problems, parameters, architecture }) =>
      kind === "gguf" && problems.length === 0 && parameters !== 0 && architecture !== "clip",
  );
  const groups = same_model.filter(({ certainty }) => certainty === "name").map(({ paths }) => paths);
  const families = new Map<string, AuditModel[]>();
  for (const model of whole) {
    const key = groups.find((paths) => paths.includes(model.path))?.[0] ?? model.path;
    families.set(key, [...(families.get(key) ?? []), model]);
  }
  return [...families.values()].map(bySize);
}

/** The quant that stays of a model: that of the settings, of the rules, or else the smallest. */
export function preferredOf(family: readonly AuditModel[], { keep }: StorageRules, { paths }: Needed): AuditModel[] {
  const used = family.filter((model) => isUsed(model, paths));
  if (used.length > 0) return used;
  for (const quant of keep.quants) {
    const found = family.find(({ quantization }) => quantization === quant);
    if (found !== undefined) return [found];
  }
  return family.slice(0, 1);
}

export function isUsed({ files }: AuditModel, paths: readonly string[]): boolean {
  return files.some(({ path }) => paths.includes(path));
}

/** What is left of a model; its size is that of what stays. */
function withoutFiles(model: AuditModel, gone: readonly string[]): AuditModel {
  const isGone = (path: string): boolean => gone.some((one) => path === one || path.startsWith(`${one}/`));
  const removed = model.files.filter(({ path }) => isGone(path));
  if (removed.length === 0) return model;
  const size = removed.reduce((sum, { apparent_size }) => sum + apparent_size, 0);
  // A state of training that is removed is not to be taken off a second time.
  const state = Math.max(0, model.training_state.apparent_size - size);
  return {
    ...model,
    files: model.files.filter(({ path }) => !isGone(path)),
    apparent_size: model.apparent_size - size,
    training_state: { ...model.training_state, apparent_size: state },
  };
}

/** What of a model serves an answer: not what its training would go on with. */
export function servingSize({ apparent_size, training_state }: AuditModel): number {
  return apparent_size - training_state.apparent_size;
}

/** All but the first of each group of files with the same bytes. */
function copiesIn({ same_bytes }: AuditReport["duplicates"]): Set<string> {
  return new Set(same_bytes.flatMap(({ paths }) => paths.slice(1)));
}

function bySize(models: AuditModel[]): AuditModel[] {
  return [...models].sort((left, right) => servingSize(left) - servingSize(right));
}
