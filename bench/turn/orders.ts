import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { HistoryTurn, PromptForm } from "../../lib/agent";
import { ChildSource, EngineProcess, type Engine, type Usage } from "../../lib/engine";
import { raise } from "../support/measure";
import { CONVERSATION, type Exchange } from "./conversation";
import { ensureTurnModels } from "./models";
import { DECISION_ORDERS, NOTES_ORDERS } from "./reasoning-orders";
import { RESPONSE_ORDERS } from "./response-orders";
import type { Asked, Order } from "./order";

const FORMS: PromptForm[] = ["compact", "full"];

/**
 * Tokens that each order of the prompts evaluates in a conversation, on a real engine with kept states. Messages, answers
 * and notes are the same in all of them, and the rules decide: what differs is the order alone.
 */
export async function benchOrders(): Promise<void> {
  const { response, reasoning } = await ensureTurnModels("m135");
  console.log("## tokens evaluated by each order: in the first turn; in a later one on average, and at most\n");
  // What is cut from a long history, and how often, shows only in a long conversation.
  await showOrders("decisions", reasoning, DECISION_ORDERS, [...CONVERSATION, ...CONVERSATION.map(again)]);
  await showOrders("decisions and notes", reasoning, NOTES_ORDERS, CONVERSATION);
  await showOrders("the answer", response, RESPONSE_ORDERS, CONVERSATION);
}

/** Another exchange of the same length: what begins otherwise is not found among what was evaluated before. */
function again({ message, answer, notes }: Exchange): Exchange {
  return { message: `Once more: ${message}`, answer: `Again: ${answer}`, notes };
}

async function showOrders(
  what: string,
  modelPath: string,
  orders: Order[],
  conversation: readonly Exchange[],
): Promise<void> {
  const width = Math.max(...orders.map(({ name }) => name.length));
  const heads = FORMS.map((form) => `${form}: first, later, most`).join("   ");
  console.log(`${what.padEnd(width)}  ${heads}`);
  for (const order of orders) {
    const cells: string[] = [];
    for (const form of FORMS) {
      const [first = NaN, ...later] = await tokensOf(modelPath, order, form, conversation);
      const mean = later.reduce((sum, tokens) => sum + tokens, 0) / later.length;
      const figures = [first, mean, Math.max(...later)].map((tokens) => tokens.toFixed(0).padStart(6));
      cells.push(figures.join(" ").padStart(`${form}: first, later, most`.length));
    }
    console.log(`${order.name.padEnd(width)}  ${cells.join("   ")}`);
  }
  console.log();
}

/** Tokens evaluated in each turn of the conversation. */
async function tokensOf(
  modelPath: string,
  order: Order,
  form: PromptForm,
  conversation: readonly Exchange[],
): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), "memwell-bench-"));
  const source = new ChildSource(
    { file: process.execPath, args: [resolve("dist/engine-child.js")] },
    { keepSpare: false, graceMs: 3000 },
  );
  const settings = { contextSize: 4096, sequences: 4, batchSize: 256, threads: 1, gpu: false as const };
  const contexts = [{ name: "base", adapter: null }];
  const keptStates = { folder, capBytes: 2e9 };
  const engine = new EngineProcess({ modelPath, contexts, keptStates, ...settings }, source);
  const history: HistoryTurn[] = [];
  const tokens: number[] = [];
  try {
    for (const { message, answer } of conversation) {
      const asked = await order.ask({ message, history: [...history] }, form);
      let evaluated = 0;
      for (const one of asked) evaluated += await evaluate(engine, one);
      tokens.push(evaluated);
      history.push({ message, answer, sent: asked.at(-1)?.messages.at(-1)?.content });
    }
  } finally {
    await engine.close();
    await source.close();
    await rm(folder, { recursive: true, force: true });
  }
  return tokens;
}

async function evaluate(engine: Engine, { messages, answers, written }: Asked): Promise<number> {
  const prompt = { messages, staticMessages: 1 };
  if (answers !== undefined) return evaluatedOf((await engine.score({ prompt, answers })).usage);
  const usage = await generate(engine, prompt);
  // What it writes is put into the sequence, as if it had been written: that is not part of the prompt.
  if (written !== undefined)
    await generate(engine, { messages: [...messages, { role: "assistant", content: written }] });
  return evaluatedOf(usage);
}

async function generate(engine: Engine, prompt: { messages: Asked["messages"] }): Promise<Usage> {
  for await (const event of engine.generate({ prompt, maxTokens: 1 })) {
    if (event.type === "failed") throw new Error(event.error.message);
    if (event.type === "done") return event.usage;
  }
  return raise("the generation had no end");
}

function evaluatedOf({ promptTokens, reusedTokens }: Usage): number {
  return promptTokens - reusedTokens;
}
