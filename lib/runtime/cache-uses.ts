import { RepoUses } from "../store";
import type { RuntimeDatabase } from "./database";

/** Remembers that a model of this repository was loaded now. What cannot be remembered must not keep it from loading. */
export function recordUse(database: RuntimeDatabase, repo: string): void {
  try {
    new RepoUses(database.open()).record(repo, Date.now() / 1000);
  } catch {
    // The database has said once what is wrong with it.
  }
}

/** When Memwell last loaded a model of each repository, in seconds since 1970; empty where nothing is known. */
export function readUses(database: RuntimeDatabase): Map<string, number> {
  try {
    return database.exists ? new RepoUses(database.open()).all() : new Map();
  } catch {
    return new Map();
  }
}
