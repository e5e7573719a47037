/** What the encoder needs of a listed run; the store's figures fit. Times in ms. */
export interface ListedRun {
  key: number;
  run: string;
  source: string;
  conversation: string | null;
  model: string | null;
  beganAt: number;
  outcome: string;
  errorCode: string | null;
  durationMs: number | null;
  firstTokenMs: number | null;
  waitMs: number | null;
  loadMs: number | null;
  stepMs: Partial<Record<string, number>>;
  answerTokens: number | null;
  answerMs: number | null;
  swaps: number;
  decisions: { id: string; answer: string; source: string }[] | null;
  segments: string[] | null;
  models: { model: string; prefilled: number; reused: number; generated: number }[];
  rating: "like" | "dislike" | null;
  words: { title: string; question: string; answer: string } | null;
}

/** One run of `GET /api/metrics/runs`. Times in ms, `began_at` since 1970; null is "not known". */
export interface MetricsRun {
  key: number;
  /** The run, its conversation and its words: for the administrator alone, null for everybody else. */
  run: string | null;
  conversation: string | null;
  words: { title: string; question: string; answer: string } | null;
  source: string;
  model: string | null;
  began_at: number;
  outcome: string;
  error: string | null;
  turn_ms: number | null;
  first_token_ms: number | null;
  wait_ms: number | null;
  load_ms: number | null;
  step_ms: Partial<Record<string, number>>;
  /** Of the answer alone. */
  answer_tokens: number | null;
  answer_ms: number | null;
  /** Of all models of the turn. */
  tokens: { prefilled: number; reused: number; generated: number };
  swaps: number;
  decisions: { id: string; answer: string; source: string }[] | null;
  segments: string[] | null;
  rating: "like" | "dislike" | null;
}

/** The newest first. */
export interface MetricsRunsBody {
  runs: MetricsRun[];
  /** What to ask for as `after` next; null when there is no more. A page may be short, or empty, before that. */
  next: number | null;
}

export function encodeMetricsRuns(
  { runs, next }: { runs: readonly ListedRun[]; next: number | null },
  reader: "admin" | "visitor",
): MetricsRunsBody {
  return { runs: runs.map((run) => encodeRun(run, reader === "admin")), next };
}

function encodeRun(listed: ListedRun, isAdmin: boolean): MetricsRun {
  const sum = (of: "prefilled" | "reused" | "generated"): number =>
    listed.models.reduce((total, model) => total + model[of], 0);
  return {
    key: listed.key,
    run: isAdmin ? listed.run : null,
    conversation: isAdmin ? listed.conversation : null,
    words: isAdmin ? listed.words : null,
    source: listed.source,
    model: listed.model,
    began_at: listed.beganAt,
    outcome: listed.outcome,
    error: listed.errorCode,
    turn_ms: listed.durationMs,
    first_token_ms: listed.firstTokenMs,
    wait_ms: listed.waitMs,
    load_ms: listed.loadMs,
    step_ms: listed.stepMs,
    answer_tokens: listed.answerTokens,
    answer_ms: listed.answerMs,
    tokens: { prefilled: sum("prefilled"), reused: sum("reused"), generated: sum("generated") },
    swaps: listed.swaps,
    decisions: listed.decisions,
    segments: listed.segments,
    rating: listed.rating,
  };
}
