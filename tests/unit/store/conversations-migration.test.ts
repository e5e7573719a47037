import { expect, it } from "vitest";
import { LedgerStore, MIGRATIONS, openDatabase, RepoUses } from "../../../lib/store";
import { MINE, question, testStores } from "./conversations-stores";
import { record, testFolder } from "./folder";

const BEFORE = MIGRATIONS.findIndex(({ name }) => name === "conversations, runs and feedback");

it("a database from before there were conversations keeps what is in it, and takes them from then on", async () => {
  const folder = testFolder();
  const older = openDatabase(folder, { migrations: MIGRATIONS.slice(0, BEFORE) });
  const now = () => record().time;
  new LedgerStore(older.database, { now }).append(record());
  new RepoUses(older.database).record("model/org/name", 7);
  const tables = older.database.prepare("SELECT name FROM sqlite_master WHERE name = 'conversations'").all();
  expect(tables).toEqual([]);
  older.database.close();

  const stores = testStores({ folder });
  expect(new LedgerStore(stores.database, { now }).read()).toEqual([{ id: 1, ...record() }]);
  expect(new RepoUses(stores.database).all()).toEqual(new Map([["model/org/name", 7]]));
  const { conversation } = await question(stores);
  expect((await stores.conversations.read(MINE, conversation)).messages).toHaveLength(2);
});

it("the ledger's write on the same connection is not undone with a call that fails", async () => {
  const stores = testStores();
  const { conversation } = await question(stores);
  const ledger = new LedgerStore(stores.database, { now: () => record().time });
  const failing = stores.conversations.addMessage(MINE, conversation, { parentId: "nobody", role: "user", text: "" });
  ledger.append(record());
  await expect(failing).rejects.toMatchObject({ code: "not_found" });
  expect(ledger.read()).toHaveLength(1);
});
