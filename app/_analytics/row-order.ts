import type { RepoRow } from "./repo-rows";

/** What the table can be sorted by. */
export const SORT_KEYS = ["id", "type", "size", "revisions", "files", "used", "state"] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export interface Order {
  key: SortKey;
  isDescending: boolean;
}

export const LARGEST_FIRST: Order = { key: "size", isDescending: true };

const VALUES: Record<SortKey, (row: RepoRow) => number | string> = {
  id: ({ repo }) => repo.repo_id.toLowerCase(),
  type: ({ repo }) => repo.repo_type,
  size: ({ repo }) => repo.size_on_disk,
  revisions: ({ repo }) => repo.revisions.length,
  files: ({ repo }) => repo.nb_files,
  used: ({ repo }) => repo.last_accessed,
  state: (row) => stateWeight(row),
};

/** The order that a click on this key's column asks for: the other way round when it is sorted by it already. */
export function nextOrder(order: Order, key: SortKey): Order {
  if (order.key === key) return { key, isDescending: !order.isDescending };
  // Words are looked for from A on, figures from the largest down.
  return { key, isDescending: key !== "id" && key !== "type" };
}

/** The rows that have every word of the search in their name, type, refs or commits, in this order. Pure. */
export function orderedRows(rows: readonly RepoRow[], search: string, { key, isDescending }: Order): RepoRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const value = VALUES[key];
  const sign = isDescending ? -1 : 1;
  return rows
    .filter((row) => isFound(row, words))
    .sort((left, right) => {
      const [one, other] = [value(left), value(right)];
      if (one === other) return left.name < right.name ? -1 : 1;
      return sign * (one < other ? -1 : 1);
    });
}

function isFound({ name, repo }: RepoRow, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const commits = repo.revisions.map(({ commit_hash }) => commit_hash);
  const text = [name, ...repo.refs, ...commits].join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
}

/** What needs a look the most stands first. */
function stateWeight(row: RepoRow): number {
  return (
    (row.repo.damaged ? 16 : 0) +
    (row.incomplete.nb_files > 0 ? 8 : 0) +
    (row.unused.nb_files > 0 ? 4 : 0) +
    (row.warnings.length > 0 ? 2 : 0) +
    (row.uses.length > 0 ? 1 : 0)
  );
}
