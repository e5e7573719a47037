import { onTestFinished } from "vitest";
import { ConversationStore, FeedbackStore, openDatabase, RunStore, type ConversationLimits } from "../../../lib/store";
import type { RunOptions } from "../../../lib/store";
import { testFolder } from "./folder";

/** A visitor's session, and another's. */
export const MINE = "session-mine";
export const OTHERS = "session-others";

export interface TestOptions {
  folder?: string;
  limits?: Partial<ConversationLimits>;
  run?: Partial<RunOptions>;
}

/** The stores on a database of this test's own, or on one more connection to `folder`; the clock moves by hand. */
export function testStores({ folder = testFolder(), limits = {}, run = {} }: TestOptions = {}) {
  const { database } = openDatabase(folder);
  onTestFinished(() => void database.close());
  const clock = { now: 1_800_000_000_000 };
  const now = () => clock.now;
  return {
    folder,
    database,
    clock,
    conversations: new ConversationStore(database, { limits, now }),
    runs: new RunStore(database, { server: "server-1", now, ...run }),
    feedback: new FeedbackStore(database, { commentLength: 100, now }),
  };
}

export type TestStores = ReturnType<typeof testStores>;

/** A conversation with a question and an empty answer. */
export async function question({ conversations }: TestStores, session = MINE, text = "What is 2 + 2?") {
  const { id } = await conversations.create(session, { title: "Sums" });
  const asked = await conversations.addMessage(session, id, { parentId: null, role: "user", text });
  const answer = await conversations.addMessage(session, id, { parentId: asked.id, role: "assistant", text: "" });
  return { conversation: id, userMessage: asked.id, assistantMessage: answer.id };
}

/** Everything the database holds, to see that nothing changed. */
export function everything({ database }: Pick<TestStores, "database">) {
  return ["conversations", "messages", "feedback", "runs", "run_events"].map((table) =>
    database.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all(),
  );
}
