import { formatBytes, formatDuration } from "../_chat/format";
import type { TracedDecision, TracedEnd, TracedStep } from "./read-data";

const QUESTIONS: Readonly<Record<string, string>> = {
  chart: "would a chart help?",
  practice: "set a practice question?",
  clarity: "is the message clear?",
  followup: "is it an answer to the practice question?",
  teaching: "which way of teaching?",
  domain: "which domain?",
};
const TOOLS: Readonly<Record<string, string>> = { calculator: "the calculator", create_graph: "the chart" };
const NOTES: Readonly<Record<string, string>> = {
  math: "the mathematics",
  practice: "the practice question",
  reasoning: "the answer",
};

/** A step in plain words: "Decision: would a chart help?". */
export function stepName({ name, detail, role }: Pick<TracedStep, "name" | "detail" | "role">): string {
  switch (name) {
    case "rules":
      return "Rules read the message";
    case "slot":
      return `Waited for ${modelName(role)}`;
    case "decision":
      if (detail === "domain") return "Domain:";
      return `Decision: ${known(QUESTIONS, detail) ?? detail ?? "a question"}`;
    case "tool":
      return `Tool: ${known(TOOLS, detail) ?? detail ?? "one"}`;
    case "thinking":
      return `Thought about ${known(NOTES, detail) ?? detail ?? "the answer"}`;
    case "response":
      return "Wrote the answer";
    default:
      return detail === null ? name : `${name}: ${detail}`;
  }
}

/** The same while it runs: "Deciding: would a chart help?". */
export function runningName({ name, detail, role }: Pick<TracedStep, "name" | "detail" | "role">): string {
  switch (name) {
    case "rules":
      return "Reading the message by rules";
    case "slot":
      return `Waiting for ${modelName(role)}`;
    case "decision":
      return `Deciding: ${known(QUESTIONS, detail) ?? detail ?? "a question"}`;
    case "tool":
      return `Using ${known(TOOLS, detail) ?? detail ?? "a tool"}`;
    case "thinking":
      return `Thinking about ${known(NOTES, detail) ?? detail ?? "the answer"}`;
    case "response":
      return "Writing the answer";
    default:
      return detail === null ? name : `${name}: ${detail}`;
  }
}

/** Whom a role stands for: "the reasoning model". */
export function modelName(role: string | null): string {
  return role === "reasoning" || role === "response" ? `the ${role} model` : "a model";
}

/**
 * "yes, 97 % sure"; "no, by a rule: no practice question waits for an answer"; for the domain, "business, chosen from the
 * message, 97 % sure".
 */
export function decisionWords({ id, answer: decided, probability, isByRule, reason }: TracedDecision): string {
  const answer = id === "domain" && !isByRule ? `${decided}, chosen from the message` : decided;
  const why = reason === null ? "" : `: ${reason}`;
  const share = probability === null ? "" : `${Math.round(probability * 100)} %`;
  if (isByRule) return `${answer}, by a rule${why}${share === "" ? "" : ` (the model was ${share} sure)`}`;
  return `${answer}${share === "" ? "" : `, ${share} sure`}${why}`;
}

/** A decision that took no step: "Decision: would a chart help? no, by a rule". */
export function decisionName({ id }: TracedDecision): string {
  return stepName({ name: "decision", detail: id, role: null });
}

/** What a step read and wrote, a fact each: "9 of 312 prompt tokens read, 303 reused", "120 tokens written, 21 tokens/s". */
export function stepFacts(step: TracedStep): string[] {
  const { prefilled, reused, generated, model, name, domain, swappedOut, contextReplaced } = step;
  const facts: string[] = [];
  if (model !== null) facts.push(model);
  if (domain !== null && name === "slot" && swappedOut.length === 0 && contextReplaced === null)
    facts.push("an adapter on its base, no swap");
  if (domain !== null && name === "response") facts.push(`answered in the domain ${domain}`);
  if (prefilled + reused > 0)
    facts.push(`${count(prefilled)} of ${count(prefilled + reused, "prompt token")} read, ${count(reused)} reused`);
  if (generated > 0) {
    const speed = speedWords(step);
    facts.push(`${count(generated, "token")} written${speed === null ? "" : `, ${speed}`}`);
  }
  return facts;
}

/** How fast a step wrote: "21 tokens/s"; null where it wrote nothing. */
function speedWords({ generated, decode_ms }: TracedStep): string | null {
  if (generated === 0 || decode_ms === 0) return null;
  const rate = (generated / decode_ms) * 1000;
  return `${rate < 9.95 ? rate.toFixed(1) : count(rate)} tokens/s`;
}

/** What made room for this step's context: "Context change, no swap: education went, business came". */
export function contextWords({ domain, model, contextReplaced, swappedOut }: TracedStep): string | null {
  if (contextReplaced === null || swappedOut.length > 0) return null;
  return `Context change, no swap: ${contextReplaced} went, ${domain ?? model ?? "another"} came`;
}

/** Whose place a model took: "memwell-response came in place of tutor, which cannot be had: the Hub cannot be reached". */
export function standInWords({ model, standsInFor, standsInWhy }: TracedStep): string | null {
  if (standsInFor === null) return null;
  const why = standsInWhy === null ? "" : `: ${standsInWhy}`;
  return `${model ?? "Another model"} came in place of ${standsInFor}, which cannot be had${why}`;
}

/** How a step ended, where it did not simply end. */
export function stateWords({ state, error }: TracedStep): string | null {
  switch (state) {
    case "running":
    case "done":
      return null;
    case "aborted":
      return "stopped";
    case "interrupted":
      return "the server stopped in the middle of it";
    case "failed":
      return error === null ? "failed" : `failed: ${error}`;
  }
}

/** Steps in figures: "9 steps, 4.1 s, peak 1.3 GB, 1 swap, 21 tokens/s" (the answer's own); "3 steps so far, 1.2 s" while they run. */
export function summaryWords(steps: readonly TracedStep[], end: TracedEnd | null, isLive: boolean): string {
  const ended = steps.filter(({ state }) => state !== "running" && state !== "interrupted");
  const peak = peakBytes(steps);
  const response = ended.findLast(({ name }) => name === "response");
  const speed = response === undefined ? null : speedWords(response);
  const swaps = ended.filter(({ swappedOut }) => swappedOut.length > 0).length;
  return [
    `${count(ended.length, "step")}${isLive ? " so far" : ""}`,
    formatTime(ended.reduce((sum, step) => sum + step.duration_ms, 0)),
    ...(peak === null ? [] : [`peak ${formatBytes(peak)}`]),
    count(swaps, "swap"),
    ...(speed === null ? [] : [speed]),
    ...(ended.some(({ standsInFor }) => standsInFor !== null) ? ["a built-in model stood in"] : []),
    ...(end?.finishReason === "length" ? ["ended at the token limit"] : []),
    ...(end?.finishReason === "aborted" ? ["stopped"] : []),
    ...(end !== null && end.omittedTurns > 0 ? [`${count(end.omittedTurns, "earlier turn")} did not fit`] : []),
  ].join(", ");
}

/** The most that a step's model held, in bytes; null where nobody knows. */
export function peakBytes(steps: readonly TracedStep[]): number | null {
  return steps.reduce<number | null>((most, { memory_bytes }) => {
    return memory_bytes === null ? most : Math.max(most ?? 0, memory_bytes);
  }, null);
}

/** A step may take less than what `formatDuration` shows. */
export function formatTime(milliseconds: number): string {
  return milliseconds < 99.5 ? `${Math.round(milliseconds)} ms` : formatDuration(milliseconds);
}

function known(words: Readonly<Record<string, string>>, name: string | null): string | null {
  return name !== null && Object.hasOwn(words, name) ? (words[name] as string) : null;
}

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

function count(figure: number, thing?: string): string {
  const written = whole.format(figure);
  return thing === undefined ? written : `${written} ${thing}${written === "1" ? "" : "s"}`;
}
