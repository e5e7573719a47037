import { FigureStore, openDatabase } from "../../lib/store";
import { figures } from "../../tests/unit/analytics/figures";

/** Fills the database of a data folder with figures of so many turns, evenly up to now. */
export function writeRuns(folder: string, count: number, spanMs: number): void {
  const { database } = openDatabase(folder);
  const store = new FigureStore(database, { maxAgeMs: Infinity, maxRuns: Infinity });
  const end = Date.now();
  database.transaction(() => {
    for (let index = 0; index < count; index++)
      store.record(
        figures({
          run: `run-${index}`,
          source: "agent",
          conversation: null,
          message: null,
          visitor: null,
          model: index % 3 === 0 ? "demo-reasoning" : "demo-response",
          beganAt: Math.round(end - spanMs + (spanMs * index) / count),
          durationMs: 1_000 + 900 * Math.sin(index / 50),
          firstTokenMs: 400 + 300 * Math.sin(index / 70),
        }),
      );
  })();
  database.close();
}
