import type { BytePath } from "../walk/byte-path";
import type { BeginLine, ChangeLine, JournalLine } from "./journal-lines";
import { Touched } from "./touched";

/** A change with what is known of it since. */
export interface KnownChange {
  line: ChangeLine;
  /** When its folder had last changed right after; null where the end came before that was written. */
  parentAfter: string | null;
  /** Of an undo that was begun: whether the folder's time is to be put back, too. */
  undoing: { restore: boolean } | null;
  isUndone: boolean;
}

/** What a journal's lines say together. */
export interface History {
  /** Null: nothing had been begun. */
  begin: BeginLine | null;
  /** In the order they were made. */
  changes: KnownChange[];
  stepsDone: Set<string>;
  stepsLeft: Map<string, string>;
  /** Where steps have made what goes into a Hugging Face cache. */
  staging: BytePath[];
  /** The step that was begun last and has not ended. */
  openStep: string | null;
  doing: "apply" | "undo" | "empty" | null;
  /** How many changes an undo could not take back; null: there was none. */
  nbKept: number | null;
}

export function historyOf(lines: readonly JournalLine[]): History {
  const changes = new Map<number, KnownChange>();
  const history: History = {
    begin: null,
    changes: [],
    stepsDone: new Set(),
    stepsLeft: new Map(),
    staging: [],
    openStep: null,
    doing: null,
    nbKept: null,
  };
  for (const line of lines) {
    if (line.type === "begin") Object.assign(history, { begin: line, doing: "apply" });
    else if (line.type === "step") {
      history.openStep = line.id;
      if (line.staging !== null) history.staging.push(line.staging);
    } else if (line.type === "move" || line.type === "place")
      changes.set(line.n, { line, parentAfter: null, undoing: null, isUndone: false });
    else if (line.type === "did") setOn(changes.get(line.n), { parentAfter: line.parent_mtime });
    else if (line.type === "undoing") setOn(changes.get(line.n), { undoing: { restore: line.restore } });
    else if (line.type === "undone") setOn(changes.get(line.n), { isUndone: true });
    else endOf(line, history);
  }
  history.changes = [...changes.values()];
  return history;
}

function endOf(line: JournalLine, history: History): void {
  if (line.type === "step-done" || line.type === "step-left") {
    history.openStep = null;
    if (line.type === "step-done") history.stepsDone.add(line.id);
    else history.stepsLeft.set(line.id, line.reason);
  } else if (line.type === "end") history.doing = null;
  else if (line.type === "undo") history.doing = "undo";
  else if (line.type === "undo-end") Object.assign(history, { doing: null, nbKept: line.nb_kept });
  else if (line.type === "empty") history.doing = "empty";
}

function setOn(change: KnownChange | undefined, known: Partial<KnownChange>): void {
  if (change !== undefined) Object.assign(change, known);
}

/** What the changes so far have touched: for whoever goes on with them. */
export function touchedBy(history: History): Touched {
  const touched = new Touched();
  for (const { line } of history.changes) {
    touched.entry(line.identity, { mtime: BigInt(line.mtime), size: BigInt(line.size) });
    touched.folder(line.parent.identity);
  }
  return touched;
}

/** What was begun and has not ended; null: nothing. An undo ends with the removal of what it has emptied. */
export function interruptionOf({ doing, nbKept }: History): History["doing"] {
  return doing === null && nbKept === 0 ? "undo" : doing;
}
