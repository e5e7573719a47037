import type { CachedRepo, CachedRevision } from "../scan/contract";

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
