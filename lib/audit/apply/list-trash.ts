import { messageOf } from "../../errors";
import { sizeText } from "../report/words";
import { joined, toText, type BytePath } from "../walk/byte-path";
import type { TrashEntry, TrashList } from "./contract";
import { Disk, statOf } from "./disk";
import { FILES, JOURNAL } from "./entry";
import { historyOf, interruptionOf, type History } from "./history";
import { readJournal } from "./journal";
import { openRoot, type Root } from "./root";
import { Trash } from "./trash";
import { addTo, noSizes } from "./weigher";

/** What lies in a folder's trash, the newest first. @throws MemwellError `not_found`, `conflict` for what is no trash */
export function listTrash(folder: string): TrashList {
  return listTrashOf(openRoot(folder));
}

export function listTrashOf(root: Root): TrashList {
  const trash = new Trash(root, new Disk());
  const entries = trash.ids().reverse().flatMap((id) => entryOf(joined(trash.path, id), id)); // prettier-ignore
  const sum = noSizes();
  for (const entry of entries) addTo(sum, entry);
  return { folder: toText(root.path), entries, ...sum };
}

function entryOf(path: BytePath, id: string): TrashEntry[] {
  const history = historyOf(readJournal(joined(path, JOURNAL)));
  const { begin, nbKept } = history;
  if (begin === null) return [];
  const interrupted = interruptionOf(history);
  const state = interrupted !== null ? "interrupted" : nbKept === null ? "whole" : "partly-undone";
  const steps = begin.steps.flatMap(({ id: step, action, what }) => {
    const paths = stillIn(path, history).flatMap(({ line }) => (line.step === step ? toText(line.path) : []));
    return paths.length === 0 ? [] : [{ id: step, action, what, paths }];
  });
  return [{ id, at: begin.at, plan_id: begin.plan_id, state, interrupted, ...sizesIn(path, history), steps }];
}

function stillIn(path: BytePath, { changes }: History) {
  const files = joined(path, FILES);
  return changes.filter(({ line }) => line.type === "move" && statOf(joined(files, String(line.n))) !== null);
}

/** As they were when they were moved there: a folder of a hundred thousand files is not counted again. */
function sizesIn(path: BytePath, history: History) {
  const sum = noSizes();
  for (const { line } of stillIn(path, history)) if (line.type === "move") addTo(sum, line);
  return sum;
}

/** What the next audit says of a folder's trash, for its notes. */
export function trashWords(root: Root): string[] {
  try {
    return listTrashOf(root).entries.map(({ id, interrupted, size_on_disk: onDisk, apparent_size: size }) => {
      const what = `${sizeText(size)} (${sizeText(onDisk)} on disk) lie in the trash of ${id}`;
      if (interrupted === null) return `${what}: --undo ${id} puts them back, --empty-trash removes them for good`;
      const back = interrupted === "empty" ? "" : `, --undo ${id} goes back`;
      return `${what}, and ${WORDS[interrupted]} was interrupted: --resume goes on${back}`;
    });
  } catch (thrown) {
    return [messageOf(thrown)];
  }
}

const WORDS = { apply: "what was applied", undo: "an undo", empty: "an emptying" };
