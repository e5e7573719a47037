import type { RepoRow } from "./repo-rows";

/** Something that can be removed: a repository, a revision of it, or a quant or a file of that. */
export interface Part {
  /** As `model/ORG/NAME`. */
  repo: string;
  commit?: string;
  quant?: string;
  file?: string;
}

/** What is picked, by the text that the server is told. */
export type Picks = ReadonlyMap<string, Part>;

export const NO_PICKS: Picks = new Map();

/** A part as `POST /api/cache/plan` reads it: `model/ORG/NAME[/FILE][:QUANT][@COMMIT]`. */
export function targetOf({ repo, commit, quant, file }: Part): string {
  return `${repo}${file === undefined ? "" : `/${file}`}${quant === undefined ? "" : `:${quant}`}${
    commit === undefined ? "" : `@${commit}`
  }`;
}

/** Whether something larger that is picked takes this along: its repository, its revision, its quant. */
export function isCovered(picks: Picks, { repo, commit, quant, file }: Part, quantOfFile?: string | null): boolean {
  if (commit === undefined) return false;
  if (picks.has(targetOf({ repo }))) return true;
  if (quant === undefined && file === undefined) return false;
  if (picks.has(targetOf({ repo, commit }))) return true;
  return file !== undefined && quantOfFile != null && picks.has(targetOf({ repo, commit, quant: quantOfFile }));
}

export function withPart(picks: Picks, part: Part, isPicked: boolean): Picks {
  const next = new Map(picks);
  if (isPicked) next.set(targetOf(part), part);
  else next.delete(targetOf(part));
  return next;
}

/** What the server is told: nothing that a larger pick takes along. */
export function targetsOf(picks: Picks): string[] {
  return [...picks].filter(([, part]) => !isCovered(picks, part)).map(([target]) => target);
}

/** Without what has gone from the cache. */
export function stillThere(picks: Picks, rows: readonly RepoRow[]): Picks {
  const known = new Map(rows.map(({ name, repo }) => [name, repo]));
  const left = [...picks].filter(([, { repo, commit }]) => {
    const found = known.get(repo);
    return found !== undefined && (commit === undefined || found.revisions.some((each) => each.commit_hash === commit));
  });
  return left.length === picks.size ? picks : new Map(left);
}
