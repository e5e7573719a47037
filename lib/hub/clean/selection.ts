import type { CachedFile, CachedRepo, CachedRevision } from "../scan/contract";

/** A single path of the cache that goes by itself. */
export interface LoosePath {
  kind: "incomplete" | "unused_blob" | "shared_blob" | "leftover";
  /** Null: it belongs to no repository. */
  repo: CachedRepo | null;
  path: string;
  reason: string;
}

/** What somebody, or a rule, wants gone, each with the reason; what follows from it is for `buildPlan` to say. */
export class Selection {
  readonly repos = new Map<CachedRepo, string>();
  readonly revisions = new Map<CachedRevision, string>();
  readonly files = new Map<CachedFile, string>();
  readonly loose: LoosePath[] = [];
  readonly warnings: string[] = [];

  goes(repo: CachedRepo, revision: CachedRevision, file?: CachedFile): boolean {
    return this.repos.has(repo) || this.revisions.has(revision) || (file !== undefined && this.files.has(file));
  }
}
