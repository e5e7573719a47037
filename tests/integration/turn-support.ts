import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { AgentEvent, AgentRole, TurnRequest } from "../../lib/agent";
import { createRuntime, loadConfig, type Runtime, type WaitEvent } from "../../lib/runtime";
import { ensureFixtureModel, type FixtureName } from "../fixtures/models";
import { childScript, until } from "./support";

export type Heard = AgentEvent<WaitEvent>;
type EventOf<Type extends Heard["type"]> = Extract<Heard, { type: Type }>;
export type StepEnd = EventOf<"step-end">;

/** A runtime with two models that speak nonsense, one for each role. */
export async function turnRuntime(
  folder: string,
  settings: Record<string, string> = {},
  models: Record<AgentRole, FixtureName> = { response: "tiny", reasoning: "tinyReasoning" },
): Promise<Runtime> {
  const dataDir = join(folder, "data");
  mkdirSync(dataDir, { recursive: true });
  const config = loadConfig({
    MEMWELL_RESPONSE_MODEL: await ensureFixtureModel(models.response),
    MEMWELL_REASONING_MODEL: await ensureFixtureModel(models.reasoning),
    MEMWELL_DATA_DIR: dataDir,
    MEMWELL_THREADS: "1",
    ...settings,
  });
  return createRuntime(config, { childScript, keepSpare: false });
}

export interface HeardTurn {
  events: Heard[];
  /** Such as "decision chart done", in order. */
  steps: string[];
  ends: StepEnd[];
  last: EventOf<"done"> | EventOf<"failed">;
  /** What was shown. */
  text: string;
}

/** What is heard of a turn that begins with rules, is asked about mathematics, and needs both models. */
export const MATHEMATICS = "Why is 3/4 + 1/8 not 4/12?";
/** By rule: a sum, a chart, whose arguments the reasoning model writes, and notes of both. */
export const CHART = "Plot 3, 5, 8 and work out 3/4 + 1/8";

/**
 * Reads a turn to its end and checks what every one must keep: exactly one final event, which is the last; each step ends
 * before the next begins; no question is decided and no tool called twice; what was shown piece by piece is the answer.
 *
 * @param given.on awaited at each event before the next is asked for.
 */
export async function hearTurn(
  runtime: Runtime,
  request: Partial<TurnRequest>,
  given: { on?: (event: Heard) => void | Promise<void>; signal?: AbortSignal; run?: string } = {},
): Promise<HeardTurn> {
  const { on, ...options } = given;
  const asked = { message: MATHEMATICS, history: [], maxTokens: 20, maxThoughtTokens: 12, ...request };
  const turn = { sampling: { temperature: 0, seed: 1 }, ...asked };
  const events: Heard[] = [];
  for await (const event of runtime.startTurn(turn, options)) {
    events.push(event);
    await on?.(event);
  }
  return wholeTurn(events);
}

function wholeTurn(events: Heard[]): HeardTurn {
  const last = events.at(-1);
  const finals = events.filter(({ type }) => type === "done" || type === "failed");
  if (finals.length !== 1 || (last?.type !== "done" && last?.type !== "failed"))
    throw new Error(`expected exactly one final event at the end, got ${events.map(({ type }) => type).join(", ")}`);
  const ends: StepEnd[] = [];
  let open: string | null = null;
  for (const event of events) {
    if (event.type === "step-start") {
      if (open !== null) throw new Error(`"${labelOf(event)}" begins before "${open}" has ended`);
      open = labelOf(event);
    } else if (event.type === "step-end") {
      if (open !== labelOf(event)) throw new Error(`"${labelOf(event)}" ends, and "${open}" is open`);
      open = null;
      ends.push(event);
    }
  }
  if (open !== null) throw new Error(`"${open}" never ends`);
  refuseTwice(events.flatMap((event) => (event.type === "decision" ? [event.decision.id] : [])));
  refuseTwice(events.flatMap((event) => (event.type === "tool-call" ? [JSON.stringify(event.input)] : [])));
  refuseTwice(events.flatMap((event) => (event.type === "tool-call" ? [event.call] : [])));
  const text = events.map((event) => (event.type === "text" ? event.text : "")).join("");
  if (text !== last.text)
    throw new Error(`shown: ${JSON.stringify(text)}, said at the end: ${JSON.stringify(last.text)}`);
  return { events, steps: ends.map((end) => `${labelOf(end)} ${end.outcome}`), ends, last, text };
}

function refuseTwice(names: string[]): void {
  if (new Set(names).size !== names.length) throw new Error(`something happens twice: ${names.join(", ")}`);
}

/** Such as "decision chart", "slot response", "response". */
export function labelOf({ name, detail }: { name: string; detail: string | null }): string {
  return detail === null ? name : `${name} ${detail}`;
}

/** Such as "start decision chart", "end slot response"; other events by their type. */
export function momentOf(event: Heard): string {
  if (event.type === "step-start") return `start ${labelOf(event)}`;
  if (event.type === "step-end") return `end ${labelOf(event)}`;
  return event.type;
}

/** Does something once, at the first event of this moment; `happened` says whether there was one. */
export function onceAt(moment: string, act: () => void | Promise<void>) {
  const once = {
    happened: false,
    on: async (event: Heard): Promise<void> => {
      if (once.happened || momentOf(event) !== moment) return;
      once.happened = true;
      await act();
    },
  };
  return once;
}

/** Kills the process of the model with this role as the kernel does; it must have one. */
export async function killModel(runtime: Runtime, role: AgentRole, { isNoticed }: { isNoticed: boolean }) {
  const model = () => runtime.models().find(({ roles }) => roles.includes(role));
  const pid = model()?.info?.pid;
  if (pid === undefined) throw new Error(`the ${role} model has no process`);
  process.kill(pid, "SIGKILL");
  if (isNoticed) await until(() => model()?.state === "stopped");
}

/** Resolves when both models' processes are gone, which a slot that nobody gave back keeps from happening. */
export async function unloadAll(runtime: Runtime): Promise<void> {
  await Promise.all(runtime.models().map(({ id }) => runtime.unload(id)));
}
