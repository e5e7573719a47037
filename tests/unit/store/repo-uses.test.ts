import BetterSqlite3 from "better-sqlite3";
import { expect, it, onTestFinished } from "vitest";
import { migrate, RepoUses } from "../../../lib/store";

it("remembers the last use of each repository, in whatever order two processes tell it", () => {
  const database = new BetterSqlite3(":memory:");
  onTestFinished(() => void database.close());
  migrate(database);
  const [one, other] = [new RepoUses(database), new RepoUses(database)];
  one.record("model/org/a", 200.5);
  other.record("model/org/a", 100);
  other.record("model/x'); DROP TABLE repo_uses; --", 1);
  expect(one.all()).toEqual(
    new Map([
      ["model/org/a", 200.5],
      ["model/x'); DROP TABLE repo_uses; --", 1],
    ]),
  );
});
