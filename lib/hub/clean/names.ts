import type { CachedRepo, CachedRevision } from "../scan/contract";

const MOST_NEAR = 5;

/** `folder/model.gguf`, as the Hub names it. */
export function fileName(revision: CachedRevision, path: string): string {
  return path
    .slice(revision.snapshot_path.length + 1)
    .split("\\")
    .join("/");
}

/** `model/ORG/NAME`. */
export function nameOf(repo: Pick<CachedRepo, "repo_type" | "repo_id">): string {
  return `${repo.repo_type}/${repo.repo_id}`;
}

/** `2026-01-31`, of seconds since 1970: a plan tells days, which do not change by themselves. */
export function dayOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  // A file's time may be any number.
  return Number.isNaN(date.getTime()) ? "on no known day" : date.toISOString().slice(0, 10);
}

/** Those of `names` that somebody who wrote `wanted` may have meant, the nearest first. */
export function nearNames(wanted: string, names: Iterable<string>): string[] {
  const text = wanted.toLowerCase();
  const far = Math.max(2, Math.floor(text.length / 3));
  return [...new Set(names)]
    .map((name) => ({ name, distance: distanceOf(text, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= far)
    .sort((left, right) => left.distance - right.distance || (left.name < right.name ? -1 : 1))
    .slice(0, MOST_NEAR)
    .map(({ name }) => name);
}

/** One that holds the other is near, as is one whose last part is alike. */
function distanceOf(left: string, right: string): number {
  if (left === right) return 0;
  if (right.includes(left) || left.includes(right)) return 1;
  const [leftTail, rightTail] = [left.split("/").at(-1) ?? "", right.split("/").at(-1) ?? ""];
  return Math.min(edits(left, right), leftTail === rightTail ? 1 : Infinity);
}

/** How many letters to change, add or drop (Levenshtein). */
function edits(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const swap = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

/** `Did you mean A, B or C?`, or nothing. */
export function didYouMean(names: readonly string[]): string {
  return names.length === 0 ? "" : ` Did you mean ${names.join(", ")}?`;
}
