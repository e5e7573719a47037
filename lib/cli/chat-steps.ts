import type { Decision, GenerationDone, StepEnd } from "./chat-events";
import { bytes, printable } from "./output";

/** The longest are "thinking reasoning" and "model reasoning": what follows stands in one column. */
const LABEL_WIDTH = 18;
/** A chart in words may fill a page; `--json` has all of it. */
const MOST_SAID_CHARACTERS = 160;

/** What a finished turn adds up to. Times in ms. */
export interface TurnTotals {
  steps: number;
  durationMs: number;
  /** The most that the models' processes held together at the end of a step. */
  peakBytes: number;
  /** How often the turn went on with another model than before. */
  swaps: number;
}

type StepCost = Pick<StepEnd, "duration_ms" | "prefilled" | "reused" | "generated" | "decode_ms">;

/**
 * A step that has ended, as one line: `  decision practice   no (0.97)  12 ms, 9 of 312 tokens read`.
 *
 * @param said what came of it (a decision, a tool's result); null where its cost says all
 */
export function stepLine(end: StepEnd, said: string | null = null): string {
  return line(labelOf(end), [outcomeOf(end) ?? clip(said) ?? loadedModel(end), costText(end)]);
}

/** What was decided without a step, since nobody had to be asked. */
export function decisionLine(decision: Decision): string {
  return line(`decision ${decision.id}`, [decisionText(decision)]);
}

/** `no (0.97)`: the model's share for it; `no (rule: why the model was not asked, or not believed)`. */
export function decisionText({ answer, source, probability, reason }: Decision): string {
  if (source === "model") return probability === null ? answer : `${answer} (${probability.toFixed(2)})`;
  return reason === null ? `${answer} (rule)` : `${answer} (rule: ${reason})`;
}

/** What stands above a text of thinking. */
export function thinkingHeader(kind: string): string {
  return `  thinking ${kind}:`;
}

/** The answer of one model alone, as a turn's last step looks. */
export function generationLine(done: GenerationDone): string {
  const { promptTokens, reusedTokens, completionTokens } = done.usage;
  const cost = costText({
    duration_ms: done.prefillMs + done.decodeMs,
    decode_ms: done.decodeMs,
    prefilled: promptTokens - reusedTokens,
    reused: reusedTokens,
    generated: completionTokens,
  });
  return line("response", [done.finishReason === "aborted" ? "stopped" : null, cost]);
}

/** The last line of a turn: `  7 steps, 4.1 s, peak 1.30 GB, 1 swap`. */
export function summaryLine({ steps, durationMs, peakBytes, swaps }: TurnTotals, isStopped = false): string {
  const parts = [
    count(steps, "step"),
    duration(durationMs),
    ...(peakBytes > 0 ? [`peak ${bytes(peakBytes)}`] : []),
    count(swaps, "swap"),
  ];
  return `  ${isStopped ? "stopped: " : ""}${parts.join(", ")}`;
}

/** Milliseconds for people: `12 ms`, `4.1 s`, `2 min 5 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function labelOf({ name, detail }: StepEnd): string {
  // The word for a leased model is the program's own: people wait for a model.
  const known = name === "slot" ? "model" : name;
  return detail === null ? known : `${known} ${detail}`;
}

function outcomeOf({ outcome, error, role }: StepEnd): string | null {
  if (outcome === "done") return null;
  if (outcome === "aborted") return "stopped";
  // What keeps the response model from answering ends the turn, and is told as its end.
  return error === null || role === "response" ? "failed" : `failed: ${error.message}`;
}

function loadedModel(end: StepEnd): string | null {
  const { name, model, memory_bytes, domain, context_replaced, stands_in_for, stands_in_why } = end;
  if (name === "response" && domain !== undefined) return `in the domain ${domain}`;
  if (name !== "slot" || model === null) return null;
  const held = memory_bytes === null ? model : `${model}, ${bytes(memory_bytes)}`;
  if (stands_in_for !== undefined)
    return `${held}, in place of ${stands_in_for}, which cannot be had: ${stands_in_why ?? "nobody knows why"}`;
  return context_replaced === undefined ? held : `${held}, its context instead of that of ${context_replaced}`;
}

function costText({ duration_ms, prefilled, reused, generated, decode_ms }: StepCost): string {
  const read = prefilled + reused;
  return [
    duration(duration_ms),
    ...(read > 0 ? [`${prefilled} of ${count(read, "token")} read`] : []),
    ...(generated > 0 ? [`${generated} written${rateText(generated, decode_ms)}`] : []),
  ].join(", ");
}

function rateText(tokens: number, milliseconds: number): string {
  if (milliseconds <= 0) return "";
  const rate = (tokens / milliseconds) * 1000;
  return ` at ${rate < 9.95 ? rate.toFixed(1) : Math.round(rate)} tokens/s`;
}

function line(label: string, facts: readonly (string | null)[]): string {
  const told = facts.flatMap((fact) => (fact === null || fact === "" ? [] : [oneLine(fact)]));
  return `  ${printable(label).padEnd(LABEL_WIDTH)}  ${told.join("  ")}`.trimEnd();
}

/** Models wrote some of it, files are named by anybody, and a tool's result may have many lines. */
function oneLine(text: string): string {
  return printable(text.replace(/\s+/g, " ").trim());
}

function clip(text: string | null): string | null {
  const characters = Array.from(text ?? "");
  if (characters.length <= MOST_SAID_CHARACTERS) return text;
  return `${characters.slice(0, MOST_SAID_CHARACTERS - 1).join("")}…`;
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}
