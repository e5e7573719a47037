import { onTestFinished } from "vitest";
import { runTurn } from "../../../../lib/agent";
import { RecordedChat, type ChatCall, type FollowedEvent } from "../../../../lib/runtime/chat";
import { RuntimeDatabase } from "../../../../lib/runtime/database";
import { ConversationStore } from "../../../../lib/store";
import { actors, type Script } from "../../agent/pipeline/script";
import { testFolder } from "../../store/folder";

export const MINE = "session-mine";
export const OTHERS = "session-others";

/** The chat of one server process on a database of its own, with real turns of models that follow a script. */
export function testChat({
  script = {},
  folder = testFolder(),
  server = "test:1",
  allowsSystemPrompt = false,
  domains = [],
}: Partial<TestChatOptions> = {}) {
  const warnings: string[] = [];
  const database = new RuntimeDatabase(folder, (warning) => warnings.push(warning));
  const requests: Parameters<typeof runTurn>[1][] = [];
  const chat = new RecordedChat({
    database,
    server,
    domains: () => domains,
    startTurn: (request, { signal }) => {
      requests.push(request);
      return runTurn(actors(script).parts, request, { signal }) as never;
    },
    allowsSystemPrompt,
    warn: (warning) => warnings.push(warning),
  });
  onTestFinished(async () => {
    await chat.close();
    database.close();
  });
  const conversations = (): ConversationStore => new ConversationStore(database.open());
  return { chat, database, conversations, folder, requests, warnings, script };
}

export interface TestChatOptions {
  script: Script;
  folder: string;
  server: string;
  allowsSystemPrompt: boolean;
  domains: string[];
}

export type TestChat = ReturnType<typeof testChat>;

export const call = (text: string, more: Partial<ChatCall> = {}): ChatCall => ({
  conversation: "chat-1",
  message: { id: undefined, text },
  regenerate: false,
  settings: {},
  ...more,
});

/** All that a reader hears. */
export async function heard(events: AsyncGenerator<FollowedEvent, void, void>): Promise<FollowedEvent[]> {
  const all: FollowedEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

export const textOf = (events: readonly FollowedEvent[]): string =>
  events.flatMap((heard) => (heard.type === "event" && heard.event.type === "text" ? [heard.event.text] : [])).join("");

/** Something that is waited for until the test lets it go on. */
export function gate() {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

/** A chat that says the first half of its answer, and the rest when `open` is called. */
export function halfway(options: Parameters<typeof testChat>[0] = {}) {
  const held = gate();
  const answer = ["The first half. ", "The second half."];
  const test = testChat({
    ...options,
    script: { answer, beforePiece: (index) => (index === 1 ? held.opened : undefined) },
  });
  const reach = async (run: string) => {
    for await (const event of test.chat.follow(MINE, run))
      if (event.type === "event" && event.event.type === "text") return event.sequence;
    throw new Error("It ended without a text");
  };
  return { ...test, open: held.open, reach };
}
