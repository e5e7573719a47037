import type { Database, Statement } from "better-sqlite3";

/** When Memwell last loaded a model of each repository of the Hub: the access times of files are often not kept. */
export class RepoUses {
  readonly #record: Statement<[string, number]>;
  readonly #all: Statement<[], { repo: string; used_at: number }>;

  /** @param database with the table of uses; it stays the caller's to close */
  constructor(database: Database) {
    // An earlier time never replaces a later one: two processes may write in any order.
    this.#record = database.prepare(
      "INSERT INTO repo_uses (repo, used_at) VALUES (?, ?) ON CONFLICT (repo) DO UPDATE SET used_at = MAX(used_at, excluded.used_at)",
    );
    this.#all = database.prepare("SELECT repo, used_at FROM repo_uses");
  }

  /**
   * @param repo such as `model/ORG/NAME`
   * @param usedAt in seconds since 1970, as all times of the cache
   */
  record(repo: string, usedAt: number): void {
    this.#record.run(repo, usedAt);
  }

  /** In seconds since 1970, by repository. */
  all(): Map<string, number> {
    return new Map(this.#all.all().map(({ repo, used_at }) => [repo, used_at]));
  }
}
