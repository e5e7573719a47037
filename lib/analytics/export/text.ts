import type { LedgerRecord } from "../../memory";
import type { RunFigures, StoredAlert } from "../../store";
import { csvLine, flatRun } from "./flat";

/** What is exported. */
export interface ExportSource {
  runs: Iterable<RunFigures[]>;
  ledger: Iterable<LedgerRecord>;
  alerts: Iterable<StoredAlert>;
}

const NO_RUN: RunFigures = {
  run: "",
  source: "chat",
  conversation: null,
  message: null,
  visitor: null,
  model: null,
  beganAt: 0,
  outcome: "done",
  errorCode: null,
  durationMs: null,
  firstTokenMs: null,
  waitMs: null,
  loadMs: null,
  stepMs: {},
  answerTokens: null,
  answerMs: null,
  swaps: 0,
  decisions: null,
  segments: null,
  models: [],
};

/** The runs as CSV with a line of names, piece by piece. */
export function* csvOf({ runs }: Pick<ExportSource, "runs">): Generator<string, void, void> {
  yield csvLine(Object.keys(flatRun(NO_RUN)));
  for (const page of runs) yield page.map((figures) => csvLine(Object.values(flatRun(figures)))).join("");
}

/** Everything as one JSON object, piece by piece: `{"runs": [...], "memory": [...], "alerts": [...]}`. */
export function* jsonOf({ runs, ledger, alerts }: ExportSource): Generator<string, void, void> {
  yield '{"runs": [';
  yield* items(
    (function* () {
      for (const page of runs) yield* page.map((figures) => ({ ...flatRun(figures), models: figures.models }));
    })(),
  );
  yield '\n],\n"memory": [';
  yield* items(ledger);
  yield '\n],\n"alerts": [';
  yield* items(alerts);
  yield "\n]}\n";
}

function* items(values: Iterable<object>): Generator<string, void, void> {
  let separator = "\n";
  for (const value of values) {
    yield separator + JSON.stringify(value);
    separator = ",\n";
  }
}
