import type { AuditModel } from "../contract";
import type { Draft } from "./draft";
import { removeModel } from "./remove-model";

/** Models whose headers say that they were tries, but for what others are made on and for the lightest. */
export function planNames(draft: Draft, lightest: AuditModel | undefined): void {
  const words = new Set(draft.rules.remove.names_with.map((word) => word.toLowerCase()));
  const bases = new Set(draft.report.models.flatMap(({ base }) => (base === null ? [] : plainName(base))));
  for (const model of draft.report.models) {
    const word = (model.name ?? "").toLowerCase().split(/[^a-z0-9]+/).find((part) => words.has(part)); // prettier-ignore
    if (word === undefined) continue;
    const names = [model.name, model.repo_id, model.path].flatMap((name) => (name === null ? [] : plainName(name)));
    if (names.some((name) => bases.has(name))) draft.keep(model, "another model names it as its base");
    else if (model === lightest) draft.keep(model, LIGHTEST);
    else removeModel(draft, model, `its name, ${JSON.stringify(model.name)}, has the word ${JSON.stringify(word)}`);
  }
}

export const LIGHTEST = "the lightest model: it runs where no other one fits";

/** `org/Base-Dev`, `../base-dev/` and `Base Dev` name the same base. */
function plainName(name: string): string[] {
  const last = name.replace(/\/+$/, "").split("/").at(-1) ?? "";
  const plain = last.toLowerCase().replace(/[^a-z0-9]+/g, "");
  return plain === "" ? [] : [plain];
}
