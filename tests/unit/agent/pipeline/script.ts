import type { AgentEvent, AgentRole, AgentSlot, AgentParts, TurnRequest } from "../../../../lib/agent";
import {
  createCalculator,
  createGraph,
  createToolRegistry,
  libraryNamed,
  register,
  runTurn,
} from "../../../../lib/agent";
import type { GenerateEvent, GenerateRequest, ScoreRequest } from "../../../../lib/engine";
import { MemwellError } from "../../../../lib/errors";

export const calculator = createCalculator();
const tools = createToolRegistry([register(calculator), register(createGraph)]);

/** What the two models of a turn do; every part may be left out. */
export interface Script {
  /** The answer to each question, by its id; the model is sure of it. */
  answers?: Record<string, string>;
  /** What is written for a chart. */
  chart?: string;
  /** The pieces of the answer. */
  answer?: string[];
  finishReason?: "stop" | "length";
  contextSize?: number;
  parameters?: number;
  library?: string;
  /** The reasoning model leaves memory for the response model. */
  swaps?: boolean;
  /** Called before each call of a model; what it throws is what the model does. */
  before?: (call: Call) => void | Promise<void>;
  /** What the response model thinks before it answers, as pieces of 10 tokens. */
  thoughts?: string[];
  /** Called before each piece of the answer. */
  beforePiece?: (index: number) => void | Promise<void> | undefined;
}

export const CHART = JSON.stringify({
  type: "bar",
  title: "Apples",
  x_label: "day",
  y_label: "apples",
  context: "How many apples were picked",
  labels: ["Mon", "Tue"],
  series: [{ name: "", values: [3, 5] }],
});

/** Every question is answered with all there is. */
export const EVERYTHING: Script = {
  answers: { chart: "yes", practice: "yes", clarity: "both", followup: "yes", teaching: "both" },
  chart: CHART,
};

/** One thing that is asked of a model, as "acquire response" or "score chart". */
export interface Call {
  role: AgentRole;
  what: "acquire" | "score" | "generate" | "count";
  request?: ScoreRequest | GenerateRequest;
  /** What the response model is asked for in. */
  domain?: string | undefined;
}

export type Heard = AgentEvent<string>;

export interface Played {
  events: Heard[];
  calls: Call[];
  /** In order: "acquire reasoning", "release reasoning". */
  slots: string[];
}

export async function play(
  script: Script,
  request: Partial<TurnRequest> = {},
  abort = new AbortController(),
): Promise<Played> {
  const { parts, calls, slots } = actors(script);
  const events: Heard[] = [];
  const turn = { message: "What is a fraction?", history: [], ...request };
  for await (const event of runTurn(parts, turn, { signal: abort.signal })) events.push(event);
  return { events, calls, slots };
}

/** The parts of an agent whose models follow a script. */
export function actors(script: Script): { parts: AgentParts<string>; calls: Call[]; slots: string[] } {
  const calls: Call[] = [];
  const slots: string[] = [];
  const call = async (given: Call): Promise<void> => {
    calls.push(given);
    await script.before?.(given);
  };
  const acquireSlot: AgentParts<string>["acquireSlot"] = async (role, { onWait, signal, domain }) => {
    onWait("position 1");
    await call({ role, what: "acquire", domain });
    if (signal.aborted) throw new MemwellError("aborted", "Left the queue.");
    slots.push(`acquire ${role}`);
    return slotOf(role, script, call, () => slots.push(`release ${role}`));
  };
  const library = libraryNamed(script.library ?? "tutor");
  return { parts: { library, tools, acquireSlot }, calls, slots };
}

function slotOf(
  role: AgentRole,
  script: Script,
  call: (given: Call) => Promise<void>,
  onRelease: () => void,
): AgentSlot {
  const usage = { promptTokens: 30, reusedTokens: 20, completionTokens: 4, thoughtTokens: 0 };
  return {
    model: { id: role, contextSize: script.contextSize ?? 4096, parameters: script.parameters ?? 1e9 },
    swappedOut: script.swaps === true && role === "response" ? ["reasoning"] : [],
    memoryBytes: () => 1000,
    countTokens: async (messages) => {
      await call({ role, what: "count" });
      return messages.reduce((sum, { content }) => sum + Math.ceil(content.length / 4), 0);
    },
    score: async (request, { signal }) => {
      await call({ role, what: "score", request });
      stopped(signal);
      const asked =
        "messages" in request.prompt
          ? (request.prompt.messages.at(-1)?.content ?? "").replace(/(?: \(.*\))?:$/, "")
          : "";
      const sure = script.answers?.[asked];
      const share = (answer: string) => (answer.trim() === sure ? 0.97 : 0.03 / (request.answers.length - 1));
      const even = 1 / request.answers.length;
      return {
        answers: request.answers.map((answer) => ({
          answer,
          logProbability: 0,
          share: sure === undefined ? even : share(answer),
        })),
        usage: { ...usage, completionTokens: 0 },
      };
    },
    async *generate(request, { signal }): AsyncGenerator<GenerateEvent, void, void> {
      const done = (finishReason: "stop" | "length" | "aborted"): GenerateEvent => ({
        type: "done",
        finishReason,
        usage,
        prefillMs: 1,
        decodeMs: 1,
        slot: 0,
      });
      try {
        await call({ role, what: "generate", request });
      } catch (thrown) {
        yield { type: "failed", error: (thrown as MemwellError).toRecord() };
        return;
      }
      yield { type: "prompt", promptTokens: 30, reusedTokens: 20, slot: 0 };
      const pieces = piecesOf(role, request, script);
      for (const text of role === "response" ? (script.thoughts ?? []) : [])
        yield { type: "thought", text, tokens: 10 };
      for (const [index, text] of pieces.entries()) {
        if (role === "response") await script.beforePiece?.(index);
        if (signal.aborted) return yield done("aborted");
        yield { type: "text", text, tokens: 1 };
      }
      yield done(signal.aborted ? "aborted" : role === "response" ? (script.finishReason ?? "stop") : "stop");
    },
    release: onRelease,
  };
}

function piecesOf(role: AgentRole, request: GenerateRequest, script: Script): string[] {
  if (role === "response") return script.answer ?? ["A fraction ", "is a part ", "of a whole."];
  if (request.jsonSchema !== undefined) return [script.chart ?? "{}"];
  return ["Key term: ", "denominator."];
}

function stopped(signal: AbortSignal): void {
  if (signal.aborted) throw new MemwellError("aborted", "Stopped.");
}
