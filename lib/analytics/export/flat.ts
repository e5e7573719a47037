import { TIMED_STEPS, type RunFigures } from "../../store";
import { queueMsOf, tokensPerSecond } from "../rates";

/** A run as one flat record, its names those of `GET /api/metrics`. Times in ms; null is "not known". */
export type FlatRun = Record<string, string | number | null>;

export function flatRun(figures: RunFigures): FlatRun {
  const sum = (of: "prefilled" | "reused" | "generated"): number =>
    figures.models.reduce((total, model) => total + model[of], 0);
  return {
    run: figures.run,
    began_at: new Date(figures.beganAt).toISOString(),
    source: figures.source,
    model: figures.model,
    outcome: figures.outcome,
    error: figures.errorCode,
    turn_ms: figures.durationMs,
    first_token_ms: figures.firstTokenMs,
    wait_ms: figures.waitMs,
    queue_ms: queueMsOf(figures),
    load_ms: figures.loadMs,
    ...Object.fromEntries(TIMED_STEPS.map((step) => [`${step}_ms`, figures.stepMs[step] ?? null])),
    tokens_per_second: tokensPerSecond(figures.answerTokens, figures.answerMs),
    prefilled: sum("prefilled"),
    reused: sum("reused"),
    generated: sum("generated"),
    swaps: figures.swaps,
    decisions: figures.decisions?.map(({ id, answer, source }) => `${id}=${answer}/${source}`).join(" ") ?? null,
    segments: figures.segments?.join(" ") ?? null,
  };
}

/** One line of RFC 4180; null is empty. */
export function csvLine(values: readonly (string | number | null)[]): string {
  const cells = values.map((value) => {
    if (value === null) return "";
    const text = String(value);
    return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  });
  return `${cells.join(",")}\r\n`;
}
