import { setImmediate as breathe } from "node:timers/promises";
import {
  csvOf,
  jsonOf,
  measureRun,
  sampleOf,
  trackioProject,
  writeDatabase,
  writeText,
  writeTrackio,
} from "../../analytics";
import { MemwellError } from "../../errors";
import type { LedgerRecord } from "../../memory";
import { AlertStore, FigureStore, LedgerStore, MOST_LEDGER_RECORDS, RunAnswers, SampleStore } from "../../store";
import type { RuntimeDatabase } from "../database";

export const EXPORT_FORMATS = ["trackio", "csv", "json"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportRequest {
  format: ExportFormat;
  /** An absolute path; null: the texts are given to `print`. */
  out: string | null;
  /** In ms since the epoch; the end is not included. */
  from: number;
  to: number;
  /** Whether visitors' words and the answers go along. */
  withTexts: boolean;
  print: (text: string) => void;
}

const MOST_ALERTS = 1_000;

/**
 * Writes the figures of runs, the memory of their steps and the alerts to a file, which appears as a whole or not at all;
 * for trackio memory over time, too.
 *
 * @throws MemwellError `not_found` when nothing was ever recorded, `conflict` for a file that is no earlier export,
 *   `invalid_request`; what the file system says
 */
export async function exportMetrics(database: RuntimeDatabase, request: ExportRequest): Promise<void> {
  const { format, out, from, to, withTexts, print } = request;
  if (!database.exists)
    throw new MemwellError(
      "not_found",
      "Nothing is recorded yet: ask something, then export, or set MEMWELL_DATA_DIR.",
    );
  const opened = database.open();
  const figures = new FigureStore(opened, { maxAgeMs: Infinity, maxRuns: Infinity });
  for (let more = true; more;) {
    ({ more } = figures.catchUp(measureRun));
    await breathe();
  }

  const ledger = (): Iterable<LedgerRecord> => ledgerRecords(new LedgerStore(opened, { maxAgeMs: Infinity }), from, to);
  const alerts = new AlertStore(opened).recent(MOST_ALERTS).filter(({ beganAt }) => beganAt >= from && beganAt < to);
  if (format === "trackio") {
    if (out === null) throw new MemwellError("invalid_request", "A database needs a file: name one with --out.");
    trackioProject(out);
    const answers = new RunAnswers(opened);
    return writeDatabase(out, (target) =>
      writeTrackio(target, {
        runs: figures.pages(from, to),
        samples: samplesOf(ledger()),
        moments: momentsOf(new SampleStore(opened), from, to),
        alerts,
        answerOf: (run) => answers.read(run),
        withTexts,
        exportedAt: Date.now(),
      }),
    );
  }
  const source = { runs: figures.pages(from, to), ledger: ledger(), alerts };
  const texts = format === "csv" ? csvOf(source) : jsonOf(source);
  if (out !== null) return writeText(out, texts);
  for (const text of texts) print(text);
}

function* ledgerRecords(store: LedgerStore, from: number, to: number): Generator<LedgerRecord, void, void> {
  for (let after = 0; ;) {
    const records = store.read({ after, limit: MOST_LEDGER_RECORDS });
    const last = records.at(-1);
    if (last === undefined) return;
    for (const record of records) if (record.time >= from && record.time < to) yield record;
    after = last.id;
  }
}

function* momentsOf(store: SampleStore, from: number, to: number) {
  for (const moment of store.moments({ from, to })) yield { ...moment, model: null };
}

function* samplesOf(records: Iterable<LedgerRecord>) {
  for (const record of records) yield sampleOf(record);
}
