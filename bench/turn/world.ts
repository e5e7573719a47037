import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { chooseForm, type AgentEvent, type HistoryTurn, type PromptForm } from "../../lib/agent";
import { loadConfig } from "../../lib/config";
import type { ChatMessage } from "../../lib/engine";
import { createRuntime, type Runtime, type WaitEvent } from "../../lib/runtime";
import { raise } from "../support/measure";
import { startClock, type Cost } from "./clock";
import { instructionsOf } from "./instructions";

/** Of each answer, always as many. */
export const ANSWER_TOKENS = 128;
type StepEnd = Extract<AgentEvent<WaitEvent>, { type: "step-end" }>;

export interface TurnCost extends Cost {
  /** Until `startTurn` tells its first event, the start of the step `rules`: before any work, and before HTTP. */
  firstEventMs: number;
  steps: StepEnd[];
  /** Models loaded for it. */
  loads: number;
  sent: string;
  /** The conversation before it. */
  history: HistoryTurn[];
  message: string;
}

export interface PlainCost extends Cost {
  prefilled: number;
  reused: number;
}

export interface WorldSettings {
  models: { response: string; reasoning: string };
  folder: string;
  threads: number;
  /** In bytes; as much as the machine has when absent. */
  budget?: number | undefined;
}

/** One runtime with a data folder of its own, and one conversation in it. */
export class World {
  private runtime: Runtime | null = null;
  private readonly history: HistoryTurn[] = [];
  private readonly messages: ChatMessage[] = [];

  constructor(private readonly settings: WorldSettings) {}

  /** The same data folder from now on, and a runtime that has seen nothing; `roles` are loaded before it returns. */
  async start(roles: ("response" | "reasoning")[]): Promise<void> {
    await this.close();
    const { models, folder, threads, budget } = this.settings;
    const config = loadConfig({
      MEMWELL_RESPONSE_MODEL: models.response,
      MEMWELL_REASONING_MODEL: models.reasoning,
      MEMWELL_DATA_DIR: folder,
      MEMWELL_THREADS: String(threads),
      ...(budget === undefined ? {} : { MEMWELL_MEMORY_BUDGET: String(Math.round(budget)) }),
    });
    this.runtime = await createRuntime(config, { childScript: resolve("dist/engine-child.js"), keepSpare: false });
    for (const role of roles) await this.runtime.load(this.model(role).id);
  }

  async close(): Promise<void> {
    await this.runtime?.close();
    this.runtime = null;
  }

  /**
   * The next turn of the agent, in this conversation or another one.
   *
   * @param options.maxThoughtTokens tokens of each kind of notes at most, none for 0, the library's own when absent
   */
  async turn(
    message: string,
    seed: number,
    { history = this.history, maxThoughtTokens }: { history?: HistoryTurn[]; maxThoughtTokens?: number } = {},
  ): Promise<TurnCost> {
    const request = { message, history: [...history], maxThoughtTokens, maxTokens: ANSWER_TOKENS, sampling: { seed } };
    const steps: StepEnd[] = [];
    let firstEventMs: number | null = null;
    const run = randomUUID();
    const clock = startClock(() => this.pids);
    for await (const event of this.running.startTurn(request, { run })) {
      firstEventMs ??= clock().wallMs;
      if (event.type === "step-end") steps.push(event);
      if (event.type === "failed") throw new Error(event.error.message);
      if (event.type !== "done") continue;
      const cost = clock();
      const failed = steps.find(({ outcome }) => outcome !== "done");
      if (failed !== undefined) throw new Error(`${failed.name}: ${failed.error?.message}`);
      const written = steps.find(({ name }) => name === "response")?.generated;
      if (written !== ANSWER_TOKENS) raise(`an answer of ${written} tokens, not ${ANSWER_TOKENS}`);
      const before = [...history];
      const { text: answer, sent } = event;
      history.push({ message, answer, sent });
      const loads = this.loadsOf(run);
      return { ...cost, firstEventMs: firstEventMs ?? raise("no event"), steps, loads, sent, history: before, message };
    }
    return raise("the turn had no end");
  }

  /** The next message answered by the response model alone, with the turn's instructions. */
  async plain(message: string, seed: number): Promise<PlainCost> {
    const { messages } = this;
    if (messages.length === 0) messages.push({ role: "system", content: await instructionsOf(this.form) });
    messages.push({ role: "user", content: message });
    const { id } = this.model("response");
    let answer = "";
    const clock = startClock(() => this.pids);
    const request = { prompt: { messages: [...messages] }, maxTokens: ANSWER_TOKENS, sampling: { seed } };
    for await (const event of this.running.generate(id, request)) {
      if (event.type === "text") answer += event.text;
      if (event.type === "failed") throw new Error(event.error.message);
      if (event.type !== "done") continue;
      messages.push({ role: "assistant", content: answer });
      if (event.usage.completionTokens !== ANSWER_TOKENS) raise("an answer ended by itself");
      const { promptTokens, reusedTokens } = event.usage;
      return { ...clock(), prefilled: promptTokens - reusedTokens, reused: reusedTokens };
    }
    return raise("the generation had no end");
  }

  /** The models' processes there are now. */
  get pids(): number[] {
    return this.running.models().flatMap(({ info }) => (info === null ? [] : [info.pid]));
  }

  /** What the models' processes hold in memory, in bytes, the largest first. */
  get residentBytes(): number[] {
    return this.running
      .models()
      .flatMap(({ residentBytes }) => residentBytes ?? [])
      .sort((one, other) => other - one);
  }

  /** Of the instructions: what the model is told. */
  get form(): PromptForm {
    const { info } = this.model("response");
    return chooseForm(info ?? raise("the response model is not loaded"));
  }

  private loadsOf(run: string): number {
    return this.running.memoryLog({ run }).filter(({ step, phase }) => step === "load" && phase === "end").length;
  }

  private get running(): Runtime {
    return this.runtime ?? raise("start it first");
  }

  private model(role: "response" | "reasoning") {
    return this.running.models().find(({ roles }) => roles.includes(role)) ?? raise(`no ${role} model`);
  }
}
