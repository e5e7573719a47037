import type { AuditModel } from "../contract";
import { sizeText } from "../report/words";
import type { Draft } from "./draft";
import { LIGHTEST } from "./names";
import { removeModel } from "./remove-model";

/** Of one model in several quants one stays: that of the settings, of the rules, or else the smallest. */
export function planQuants(draft: Draft, lightest: AuditModel | undefined): void {
  const byPath = new Map(draft.report.models.map((model) => [model.path, model]));
  for (const { certainty, paths } of draft.report.duplicates.same_model) {
    if (certainty !== "name") continue;
    // What is damaged, or goes for another reason, takes the place of nothing.
    const quants = paths.flatMap((path) => byPath.get(path) ?? []).filter((model) => isUsable(draft, model));
    if (quants.length < 2) continue;
    if (differUnderOneName(draft, quants)) {
      for (const { path, apparent_size } of quants) draft.leftAlone.push({ path, apparent_size, why: DIFFER });
      continue;
    }
    const kept = keptQuant(quants, draft);
    draft.keep(kept, `the ${kept.quantization} of ${kept.name ?? "its model"}`);
    const why = `${kept.path} is the same model as ${kept.quantization}, in ${sizeText(kept.apparent_size)}`;
    for (const model of quants) {
      if (model === kept) continue;
      if (model === lightest) draft.keep(model, LIGHTEST);
      else removeModel(draft, model, why);
    }
  }
}

const DIFFER = "models of its name and quant differ from each other: they may be different fine-tunes";

function isUsable(draft: Draft, { kind, problems, files }: AuditModel): boolean {
  return kind === "gguf" && problems.length === 0 && files.every(({ path }) => draft.isHere(path));
}

/** Fine-tunes often bear the name of their base. Two files of one quant that are no copies are two models. */
function differUnderOneName(draft: Draft, models: readonly AuditModel[]): boolean {
  const copies = draft.report.duplicates.same_bytes.map(({ paths }) => new Set(paths));
  const areCopies = (left: string, right: string): boolean =>
    copies.some((group) => group.has(left) && group.has(right));
  const first = new Map<string | null, AuditModel>();
  for (const model of models) {
    const known = first.get(model.quantization);
    if (known === undefined) first.set(model.quantization, model);
    else if (!areCopies(known.files[0]?.path ?? "", model.files[0]?.path ?? "")) return true;
  }
  return false;
}

/** What can be loaded by itself: a vocabulary or a part that sees pictures is small, and no model. */
export function lightestOf({ report }: Draft): AuditModel | undefined {
  const isWhole = ({ kind, problems, parameters, architecture }: AuditModel): boolean =>
    kind === "gguf" && problems.length === 0 && parameters !== 0 && architecture !== "clip";
  return report.models.filter(isWhole).sort((left, right) => left.apparent_size - right.apparent_size)[0];
}

function keptQuant(models: readonly AuditModel[], { rules, needed }: Draft): AuditModel {
  const rank = ({ files, quantization }: AuditModel): number => {
    if (files.some(({ path }) => needed.paths.includes(path))) return -1;
    const index = rules.keep.quants.indexOf(quantization ?? "");
    return index < 0 ? rules.keep.quants.length : index;
  };
  const [first] = [...models].sort((a, b) => rank(a) - rank(b) || a.apparent_size - b.apparent_size);
  return first as AuditModel;
}
