import { useId } from "react";

import { counted, formatAgo, formatCount, formatMoment } from "../../_analytics/words";
import type { StorageTrash } from "../../_storage/contract";
import type { TrashEntry, WorkCall } from "../../_storage/work-calls";
import { Size } from "./Size";

interface TrashSectionProps {
  trash: StorageTrash;
  onAsk: (call: WorkCall) => void;
}

/** What was carried out and can be undone, until the trash is emptied. */
export function TrashSection({ trash, onAsk }: TrashSectionProps) {
  const id = useId();
  const { entries, count } = trash.entries;
  return (
    <section aria-labelledby={id} className="flex min-w-0 flex-col gap-2" data-testid="trash">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <h2 id={id} className="text-lg font-semibold">
          Trash
        </h2>
        <p className="text-sm text-quiet">
          <Size bytes={trash.apparent_size} />; the disk gets <Size bytes={trash.size_on_disk} /> back when it is
          emptied
        </p>
        <button
          type="button"
          className="button-quiet"
          onClick={() => onAsk({ work: "empty-trash", entry: null, trash })}
        >
          Empty the trash
        </button>
      </div>
      <ul className="rounded-box border border-line bg-surface text-sm">
        {entries.map((entry) => (
          <EntryRow key={entry.id} entry={entry} trash={trash} onAsk={onAsk} />
        ))}
      </ul>
      {count > entries.length && <p className="text-sm text-quiet">and {formatCount(count - entries.length)} more</p>}
    </section>
  );
}

const STATES: Record<TrashEntry["state"], string> = {
  whole: "",
  interrupted: "It was interrupted: go on with it, or undo it.",
  "partly-undone": "Some of it could not go back.",
};

function EntryRow({ entry, trash, onAsk }: TrashSectionProps & { entry: TrashEntry }) {
  const { id, at, state, steps, apparent_size: size } = entry;
  return (
    <li
      className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line px-2 py-1.5 first:border-t-0"
      data-testid="trash-entry"
      data-entry={id}
    >
      <div className="min-w-0 flex-1">
        <p>
          <time dateTime={dateOf(at)} title={formatMoment(at * 1000)}>
            {formatAgo(at)}
          </time>
          : {counted(steps.count, "step")}, <Size bytes={size} />
        </p>
        {state !== "whole" && <p className="text-bad">{STATES[state]}</p>}
        <p className="truncate whitespace-pre text-quiet">
          {steps.entries.map(({ what }) => oneLine(what)).join(", ")}
        </p>
      </div>
      <div className="flex gap-2">
        {state === "interrupted" && (
          <button type="button" className="button-quiet" onClick={() => onAsk({ work: "resume", entry })}>
            Go on
          </button>
        )}
        {entry.interrupted !== "empty" && (
          <button type="button" className="button-quiet" onClick={() => onAsk({ work: "undo", entry })}>
            Undo
          </button>
        )}
        <button
          type="button"
          className="button-quiet"
          aria-label="Remove this from the trash"
          onClick={() => onAsk({ work: "empty-trash", entry, trash })}
        >
          Remove
        </button>
      </div>
    </li>
  );
}

function dateOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}

function oneLine(name: string): string {
  return name.replaceAll(/\s/g, " ");
}
