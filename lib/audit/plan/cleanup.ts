import type { Finding, FindingCause } from "../contract";
import type { PlanStep } from "./contract";
import type { Draft } from "./draft";
import { planNames } from "./names";
import { lightestOf, planQuants } from "./quants";
import { FROM_TRASH, lastUseOf } from "./remove-model";
import type { StorageRules } from "./rules";

interface Removal {
  cause: FindingCause;
  isWanted: (rules: StorageRules, finding: Finding, now: number) => boolean;
  risk: PlanStep["risk"];
  undo: string;
}

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
  const lightest = draft.rules.keep.light_fallback ? lightestOf(draft) : undefined;
  planNames(draft, lightest);
  if (draft.rules.remove.other_quants) planQuants(draft, lightest);
}

function planRemoval(draft: Draft, { isWanted, risk, undo }: Removal, finding: Finding): void {
  const { path, paths, reason, apparent_size, size_on_disk } = finding;
  const { is_read: isRead, nb_links_from_elsewhere: nbLinksFromElsewhere } = finding;
  const lastUsed = lastUseOf(finding);
  if (!isWanted(draft.rules, finding, draft.now)) return;
  if (!draft.mayGo({ path, paths, apparent_size, lastUsed, nbLinksFromElsewhere, isRead })) return;
  draft.add("cleanup", { action: "delete", paths, what: path, why: reason, apparent_size, size_on_disk, risk, undo });
}
