import type { CacheListing, RepoUse } from "@/lib/runtime";

export type { ExecutedPlan, Plan, PlanItem, RepoUse, RevisionFile, RevisionFiles } from "@/lib/runtime";

/** What may change while the cache stays as it is. */
export interface LiveFigures {
  /** Hash of the listing: the same id is the same listing. */
  id: string;
  disk: CacheListing["disk"];
  in_use: RepoUse[];
}

/** The body of `GET /api/cache`; sizes in bytes, times in seconds since 1970. */
export type CacheBody = CacheListing & LiveFigures;

/** With `?known=ID` of the listing that the caller has, only what may have changed beside it. */
export type CacheAnswer = CacheBody | (LiveFigures & { unchanged: true });

export type RepoEntry = CacheListing["repos"][number];
export type RevisionEntry = RepoEntry["revisions"][number];

/** What is asked of `POST /api/cache/plan`. */
export type CleaningCall =
  | { action: "rm"; targets: string[] }
  | { action: "prune" }
  | { action: "keep"; count?: number; max_size?: number; all_types?: boolean };
