import type { AuditModel, Finding, FindingCause } from "../contract";
import { sizeText } from "../report/words";
import type { PlanStep } from "./contract";
import type { Draft } from "./draft";
import type { StorageRules } from "./rules";

interface Removal {
  cause: FindingCause;
  isWanted: (rules: StorageRules, finding: Finding, now: number) => boolean;
  risk: PlanStep["risk"];
  undo: string;
}

const FROM_TRASH = "move it back from the trash";

/** In this order: what goes with a whole folder is not told again file by file. */
const REMOVALS: readonly Removal[] = [
  { cause: "made-again", isWanted: ({ remove }) => remove.what_can_be_made_again, risk: "none", undo: "make it again with the tool that made it" },
  { cause: "archive", isWanted: isOldArchive, risk: "medium", undo: FROM_TRASH },
  { cause: "damaged", isWanted: ({ remove }) => remove.damaged, risk: "low", undo: FROM_TRASH },
  { cause: "earlier-step", isWanted: ({ remove }) => remove.earlier_steps, risk: "low", undo: FROM_TRASH },
  { cause: "training-state", isWanted: ({ remove }) => remove.optimizer_states, risk: "low", undo: FROM_TRASH },
  { cause: "formats", isWanted: ({ remove }) => remove.other_formats, risk: "low", undo: FROM_TRASH },
  { cause: "empty-folder", isWanted: ({ remove }) => remove.empty_folders, risk: "none", undo: "make it again" },
]; // prettier-ignore

function isOldArchive({ remove }: StorageRules, { last_modified }: Finding, now: number): boolean {
  return last_modified < now - remove.archives_older_than_days * 86_400;
}

/** What nobody misses: removed from the folder for good, by way of the trash. */
export function planCleanup(draft: Draft): void {
  for (const removal of REMOVALS) {
    for (const finding of draft.report.findings)
      if (finding.cause === removal.cause) planRemoval(draft, removal, finding);
  }
  if (draft.rules.remove.other_quants) planQuants(draft);
  planNames(draft);
}

function planRemoval(draft: Draft, { isWanted, risk, undo }: Removal, finding: Finding): void {
  const { path, paths, reason, apparent_size, size_on_disk, last_accessed, last_modified } = finding;
  if (!isWanted(draft.rules, finding, draft.now)) return;
  if (!draft.mayGo({ path, paths, apparent_size, lastUsed: Math.max(last_accessed, last_modified) })) return;
  draft.add("cleanup", { action: "delete", paths, what: path, why: reason, apparent_size, size_on_disk, risk, undo });
}

/** Of one model in several quants one stays: that of the settings, of the rules, or else the smallest. */
function planQuants(draft: Draft): void {
  const { models, duplicates } = draft.report;
  const lightest = draft.rules.keep.light_fallback ? lightestOf(models) : undefined;
  for (const { certainty, paths } of duplicates.same_model) {
    const quants = models.filter(({ kind, path }) => kind === "gguf" && paths.includes(path));
    if (certainty !== "name" || quants.length < 2) continue;
    const kept = keptQuant(quants, draft);
    draft.keep(kept, `the ${kept.quantization} of ${kept.name ?? "its model"}`);
    const why = `${kept.path} is the same model as ${kept.quantization}, in ${sizeText(kept.apparent_size)}`;
    for (const model of quants) {
      if (model === kept) continue;
      if (model === lightest) draft.keep(model, "the lightest model: it runs where no other one fits");
      else removeModel(draft, model, why);
    }
  }
}

function lightestOf(models: readonly AuditModel[]): AuditModel | undefined {
  const whole = models.filter(({ kind, problems }) => kind === "gguf" && problems.length === 0);
  return whole.sort((left, right) => left.apparent_size - right.apparent_size)[0];
}

function keptQuant(models: readonly AuditModel[], { rules, needed }: Draft): AuditModel {
  const rank = ({ path, quantization }: AuditModel): number => {
    if (needed.paths.includes(path)) return -1;
    const index = rules.keep.quants.indexOf(quantization ?? "");
    return index < 0 ? rules.keep.quants.length : index;
  };
  const [first] = [...models].sort((a, b) => rank(a) - rank(b) || a.apparent_size - b.apparent_size);
  return first as AuditModel;
}

function planNames(draft: Draft): void {
  const words = new Set(draft.rules.remove.names_with.map((word) => word.toLowerCase()));
  for (const model of draft.report.models) {
    const word = (model.name ?? "").toLowerCase().split(/[^a-z0-9]+/).find((part) => words.has(part)); // prettier-ignore
    const isBase = draft.report.models.some(({ base }) => base !== null && base === model.name);
    if (word === undefined) continue;
    if (isBase) draft.keep(model, "another model names it as its base");
    else removeModel(draft, model, `its name, ${JSON.stringify(model.name)}, has the word ${JSON.stringify(word)}`);
  }
}

function removeModel(draft: Draft, model: AuditModel, why: string): void {
  const { path, last_accessed, last_modified } = model;
  const rest = draft.rest(model);
  if (rest.paths.length === 0) return;
  if (!draft.mayGo({ path, ...rest, lastUsed: Math.max(last_accessed, last_modified) })) return;
  draft.add("cleanup", { action: "delete", ...rest, what: path, why, risk: "low", undo: FROM_TRASH });
}
