import { afterAll, beforeAll, expect, it } from "vitest";
import { createRuntime, loadConfig, type Runtime } from "../../lib/runtime";
import { ConversationStore, openDatabase } from "../../lib/store";
import { ensureFixtureModel } from "../fixtures/models";
import { childScript, temporaryFolder } from "./support";

const CONVERSATIONS = 8;
const TURNS = 200;
/** The machine may be busy with anything: only a run that stands still takes this long. In ms. */
const PATIENCE = 8 * 60_000;
const MEGABYTE = 1e6;
const folder = temporaryFolder();
let runtime: Runtime;

beforeAll(async () => {
  const config = loadConfig({
    MEMWELL_RESPONSE_MODEL: await ensureFixtureModel("small"),
    MEMWELL_REASONING_MODEL: await ensureFixtureModel("smallReasoning"),
    MEMWELL_CONTEXT_SIZE: "2048",
    MEMWELL_DATA_DIR: folder,
    MEMWELL_THREADS: "1",
  });
  runtime = await createRuntime(config, { childScript, keepSpare: false });
});
afterAll(() => runtime.close());

interface Told {
  sum: number;
  outcome: string;
  text: string;
  /** What the calculator said, of all sums in this turn. */
  calculated: string[];
}

const questionOf = (sum: number): string => `What is ${sum} + 1000000?`;

/** One turn that asks for a sum which no other turn asks for. */
async function turnOf(session: string, conversation: string, sum: number): Promise<Told> {
  const settings = { maxTokens: 8, maxThoughtTokens: 4 };
  const run = await runtime.chat.begin(session, {
    conversation,
    message: { id: undefined, text: questionOf(sum) },
    regenerate: false,
    settings,
  });
  const told: Told = { sum, outcome: "", text: "", calculated: [] };
  for await (const heard of runtime.chat.follow(session, run.id)) {
    if (heard.type === "end") told.outcome = heard.run.outcome;
    else if (heard.event.type === "text") told.text += heard.event.text;
    else if (heard.event.type === "tool-result") told.calculated.push(heard.event.text);
  }
  return told;
}

/** In bytes, what this process and the models' hold. */
async function heldByAll(): Promise<{ own: number; models: number }> {
  const { server, models } = await runtime.memory();
  return {
    own: server?.anonymous ?? 0,
    models: models.reduce((sum, { memory }) => sum + (memory?.anonymous ?? 0), 0),
  };
}

const mean = (held: Awaited<ReturnType<typeof heldByAll>>[], who: "own" | "models"): number =>
  held.reduce((sum, each) => sum + each[who], 0) / held.length;

it(
  `${TURNS} turns of ${CONVERSATIONS} conversations at once: none is lost, none mixed up, and memory is flat at the end`,
  async () => {
    const all: Told[][] = Array.from({ length: CONVERSATIONS }, () => []);
    const held: Awaited<ReturnType<typeof heldByAll>>[] = [];
    let count = 0;
    await Promise.all(
      all.map(async (told, index) => {
        for (let turn = 0; turn < TURNS / CONVERSATIONS; turn++) {
          told.push(await turnOf(`session-${index}`, `chat-${index}`, 100 * (index + 1) + turn));
          count += 1;
          // Once every conversation has been answered, and from then on a few times.
          if (count % (TURNS / 8) === 0) held.push(await heldByAll());
        }
      }),
    );
    const { database } = openDatabase(folder);
    const conversations = new ConversationStore(database);
    for (const [index, told] of all.entries()) {
      expect(told.map(({ outcome }) => outcome)).toEqual(told.map(() => "done"));
      for (const { sum, calculated } of told) expect(calculated.join()).toContain(String(sum + 1_000_000));
      const kept = await conversations.path(`session-${index}`, `chat-${index}`);
      expect(kept.map(({ text }) => text)).toEqual(told.flatMap(({ sum, text }) => [questionOf(sum), text]));
    }
    database.close();
    const growth = (who: "own" | "models") => mean(held.slice(-2), who) - mean(held.slice(1, 3), who);
    expect(growth("own")).toBeLessThan(60 * MEGABYTE);
    expect(growth("models")).toBeLessThan(40 * MEGABYTE);
  },
  PATIENCE,
);
