import { randomUUID } from "node:crypto";
import {
  chosenDomain,
  type AgentEvent,
  type AgentRole,
  type Decision,
  type HistoryTurn,
  type TurnRequest,
} from "../../lib/agent";
import { MemwellError } from "../../lib/errors";
import type { Runtime, WaitEvent } from "../../lib/runtime";

type Heard = AgentEvent<WaitEvent>;

/** What one turn said and did. Times in ms, sizes in bytes. */
export interface HeardTurn {
  message: string;
  /** What the visitor was shown. */
  text: string;
  /** The model ended the answer by itself. */
  isWhole: boolean;
  /** Why there is no answer; null when there is one. */
  failure: string | null;
  /** For the history of the next turn. */
  sent: string | undefined;
  decisions: Decision[];
  toolCalls: { tool: string; input: unknown }[];
  toolTexts: { tool: string; text: string }[];
  firstTextMs: number | null;
  written: { role: AgentRole; tokens: number; ms: number }[];
  swaps: number;
  contextSwaps: number;
  peaks: Map<string, number>;
  togetherBytes: number;
}

/**
 * Asks a turn of the whole agent and listens to its end.
 *
 * @throws MemwellError `aborted`
 */
export async function hear(
  runtime: Runtime,
  request: TurnRequest,
  { signal }: { signal: AbortSignal },
): Promise<HeardTurn> {
  const run = randomUUID();
  const heard: HeardTurn = {
    message: request.message,
    text: "",
    isWhole: false,
    failure: null,
    sent: undefined,
    decisions: [],
    toolCalls: [],
    toolTexts: [],
    firstTextMs: null,
    written: [],
    swaps: 0,
    contextSwaps: 0,
    peaks: new Map(),
    togetherBytes: 0,
  };
  const startedAt = performance.now();
  for await (const event of runtime.startTurn(request, { signal, run })) note(heard, event, startedAt);
  if (signal.aborted) throw new MemwellError("aborted", "The evaluation was stopped.");
  for (const { model, processBytes } of runtime.memoryLog({ run }))
    if (model !== null) heard.peaks.set(model, Math.max(heard.peaks.get(model) ?? 0, processBytes ?? 0));
  heard.togetherBytes = heldTogether(runtime);
  return heard;
}

/** A turn as the history of the next. */
export function asHistory({ message, text, sent, decisions }: HeardTurn): HistoryTurn {
  const isChosen = decisions.some(({ id }) => id === "domain");
  return { message, answer: text, sent, ...(isChosen && { domain: chosenDomain(decisions) }) };
}

function note(heard: HeardTurn, event: Heard, startedAt: number): void {
  if (event.type === "text") {
    heard.text += event.text;
    heard.firstTextMs ??= performance.now() - startedAt;
  }
  if (event.type === "decision") heard.decisions.push(event.decision);
  if (event.type === "tool-call") heard.toolCalls.push({ tool: event.tool, input: event.input });
  if (event.type === "tool-result") heard.toolTexts.push({ tool: event.tool, text: event.text });
  if (event.type === "step-end") {
    if (event.role !== null && event.generated > 0)
      heard.written.push({ role: event.role, tokens: event.generated, ms: event.decode_ms });
    heard.swaps += event.swapped_out.length;
    if (event.context_replaced !== undefined) heard.contextSwaps += 1;
  }
  if (event.type === "done") {
    heard.text = event.text;
    heard.sent = event.sent;
    heard.isWhole = event.finishReason === "stop";
  }
  if (event.type === "failed") {
    if (event.error.code === "aborted") throw MemwellError.fromRecord(event.error);
    heard.failure = event.error.code;
  }
}

/** Several models may share a process. */
function heldTogether(runtime: Runtime): number {
  const processes = new Map(runtime.models().map(({ path, residentBytes }) => [path, residentBytes ?? 0]));
  return [...processes.values()].reduce((sum, bytes) => sum + bytes, 0);
}
