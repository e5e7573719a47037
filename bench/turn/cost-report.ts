import { median, spread } from "../support/measure";
import { prefilledTokens } from "./new-tokens";
import type { PlainCost, TurnCost } from "./world";

/** The first turn in a fresh data folder; those after it; the one after everything was closed and started again. */
export const PHASES = ["cold", "warm", "restart"] as const;
export type Phase = (typeof PHASES)[number];

/** One message, answered by both sides. */
export interface Row {
  phase: Phase;
  turn: TurnCost;
  plain: PlainCost;
  newTokens: number;
}

/** Prints what turns without notes cost over the response model alone, in each phase. */
export function showPhases(rows: Row[]): void {
  const heads = ["time (goal 1.25)", "processor time", "prefilled / new (goal 1.5)", "prefilled / alone", "prefilled"];
  console.log(tableRow("", heads));
  for (const phase of PHASES) {
    const own = rows.filter((row) => row.phase === phase);
    const overNew = own.map(({ turn, newTokens }) => prefilledTokens(turn) / newTokens);
    const overAlone = own.map(({ turn, plain }) => prefilledTokens(turn) / plain.prefilled);
    const tokens = own.map(({ turn }) => prefilledTokens(turn));
    const ratios = [timeRatios(own, "wallMs"), timeRatios(own, "processorMs"), overNew, overAlone];
    console.log(tableRow(phase, [...ratios.map((values) => spread(values)), spread(tokens, 0)]));
  }
  console.log(
    "new: the response model's last message (segments, results of tools, notes, the student's message); where the reasoning\n" +
      "model is asked, the student's message and the tutor's last answer again as it is shown them, and each question's own\n" +
      "tokens; in the cold turn both models' instructions. alone: what the call of the response model alone prefills.",
  );
}

function tableRow(head: string, cells: string[]): string {
  return [head.padEnd(7), ...cells.map((cell) => cell.padEnd(26))].join("  ").trimEnd();
}

/** A turn over the response model alone, for each row. */
export function timeRatios(rows: Row[], part: "wallMs" | "processorMs"): number[] {
  return rows.map(({ turn, plain }) => turn[part] / plain[part]);
}

/** Prints what each step of these turns takes; steps of one name together. */
export function showSteps(rows: Row[]): void {
  const plain = rows.map((row) => row.plain);
  const plainMs = median(plain.map(({ wallMs }) => wallMs));
  const show = (name: string, ms: number[], read: { prefilled: number; reused: number }[]): void => {
    const share = (median(ms) / plainMs).toFixed(2).padStart(5);
    const [prefilled, reused] = (["prefilled", "reused"] as const).map((part) =>
      spread(
        read.map((tokens) => tokens[part]),
        0,
      ),
    );
    console.log(
      `${name.padEnd(26)}  ${spread(ms, 0).padEnd(24)} ${share}  ${(prefilled ?? "").padEnd(18)}  ${reused ?? ""}`,
    );
  };
  console.log(`${"step of a warm turn".padEnd(26)}  ${"ms".padEnd(24)} share  ${"prefilled".padEnd(18)}  reused`);
  const steps = new Map<string, TurnCost["steps"]>();
  for (const step of rows.flatMap(({ turn }) => turn.steps)) {
    const name = [step.name, step.detail].filter((part) => part !== null).join(" ");
    steps.set(name, [...(steps.get(name) ?? []), step]);
  }
  for (const [name, ends] of steps) {
    show(
      name,
      ends.map((end) => end.duration_ms),
      ends,
    );
    if (name !== "response") continue;
    show(
      "  of it reading",
      ends.map((end) => end.prefill_ms),
      ends,
    );
  }
  show(
    "the response model alone",
    plain.map(({ wallMs }) => wallMs),
    plain,
  );
  console.log();
}
