import { useId } from "react";

import type { Part, Picks } from "../../_analytics/picks";
import type { RepoRow } from "../../_analytics/repo-rows";
import { formatCount } from "../../_analytics/words";
import { Ago } from "./Ago";
import { Bytes } from "./Bytes";
import { COLUMN_CLASSES, COLUMN_COUNT } from "./columns";
import { PartBox } from "./PartBox";
import { RepoInside } from "./RepoInside";
import { RepoMarks } from "./RepoMarks";

export interface RepoTableRowProps {
  row: RepoRow;
  listing: string;
  isOpen: boolean;
  onToggle: () => void;
  picks: Picks;
  onPick: (parts: readonly Part[], isPicked: boolean) => void;
}

/** One repository, and below it what is in it when it is open. */
export function RepoTableRow({ row, listing, isOpen, onToggle, picks, onPick }: RepoTableRowProps) {
  const id = useId();
  const { repo } = row;
  const cell = "px-2 py-1.5 align-top tabular-nums";
  return (
    <tbody data-testid="repo" data-repo={row.name} className="border-t border-line">
      <tr>
        <td className="p-0 align-top">
          <label className="flex items-center justify-center px-1.5 py-2">
            <PartBox part={{ repo: row.name }} label={repo.repo_id} picks={picks} onPick={onPick} />
          </label>
        </td>
        <th scope="row" className={`${cell} ${COLUMN_CLASSES.id} font-normal`}>
          <button
            type="button"
            aria-expanded={isOpen}
            aria-controls={id}
            className="flex items-baseline gap-1.5 text-left hover:text-accent"
            onClick={onToggle}
          >
            <span aria-hidden="true" className={`text-xs text-quiet ${isOpen ? "rotate-90" : ""}`}>
              ▶
            </span>
            <span className="min-w-0 wrap-anywhere">{repo.repo_id}</span>
          </button>
          <span className="mt-1 block pl-4 sm:hidden">
            <RepoMarks row={row} />
          </span>
        </th>
        <td className={`${cell} ${COLUMN_CLASSES.type}`}>{repo.repo_type}</td>
        <td className={`${cell} ${COLUMN_CLASSES.size}`} data-column="size">
          <Bytes bytes={repo.size_on_disk} />
        </td>
        <td className={`${cell} ${COLUMN_CLASSES.revisions}`} data-column="revisions">
          {formatCount(repo.revisions.length)}
        </td>
        <td className={`${cell} ${COLUMN_CLASSES.files}`} data-column="files">
          {formatCount(repo.nb_files)}
        </td>
        <td className={`${cell} ${COLUMN_CLASSES.used}`} data-column="used">
          <Ago seconds={repo.last_accessed} />
        </td>
        <td className={`${cell} ${COLUMN_CLASSES.state}`}>
          <RepoMarks row={row} />
        </td>
      </tr>
      <tr id={id} hidden={!isOpen}>
        <td colSpan={COLUMN_COUNT} className="p-0">
          {isOpen && <RepoInside row={row} listing={listing} picks={picks} onPick={onPick} />}
        </td>
      </tr>
    </tbody>
  );
}
