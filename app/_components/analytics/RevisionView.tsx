import { useId, useState } from "react";

import type { RevisionEntry } from "../../_analytics/cache-contract";
import type { Part, Picks } from "../../_analytics/picks";
import { counted } from "../../_analytics/words";
import { Ago } from "./Ago";
import { Bytes } from "./Bytes";
import { Mark } from "./Mark";
import { PartBox } from "./PartBox";
import { RevisionFilesView } from "./RevisionFilesView";

interface RevisionViewProps {
  /** As `model/ORG/NAME`. */
  repo: string;
  revision: RevisionEntry;
  listing: string;
  isFirstOpen: boolean;
  picks: Picks;
  onPick: (parts: readonly Part[], isPicked: boolean) => void;
}

/** One revision: what names it, how large it is, and its files when it is open. */
export function RevisionView({ repo, revision, listing, isFirstOpen, picks, onPick }: RevisionViewProps) {
  const id = useId();
  const [isOpen, setOpen] = useState(isFirstOpen);
  const { commit_hash: commit, refs, size_on_disk, nb_files, last_modified } = revision;
  return (
    <li data-testid="revision" data-commit={commit}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="flex min-w-0 items-center gap-2">
          <PartBox part={{ repo, commit }} label={`revision ${commit.slice(0, 8)}`} picks={picks} onPick={onPick} />
          <button
            type="button"
            aria-expanded={isOpen}
            aria-controls={id}
            className="flex min-w-0 items-baseline gap-1.5 text-left hover:text-accent"
            onClick={() => setOpen(!isOpen)}
          >
            <span aria-hidden="true" className={`text-xs text-quiet ${isOpen ? "rotate-90" : ""}`}>
              ▶
            </span>
            <span className="truncate font-mono text-xs" title={commit}>
              {commit.slice(0, 12)}
            </span>
          </button>
        </span>
        {refs.length === 0 ? <Mark>detached: no branch or tag names it</Mark> : null}
        {refs.map((ref) => (
          <Mark key={ref} tone="good">
            {ref}
          </Mark>
        ))}
        <span className="text-quiet">
          <span data-column="size">
            <Bytes bytes={size_on_disk} />
          </span>
          , {counted(nb_files, "file")}, changed <Ago seconds={last_modified} />
        </span>
      </div>
      <div id={id} hidden={!isOpen}>
        {isOpen && <RevisionFilesView repo={repo} commit={commit} listing={listing} picks={picks} onPick={onPick} />}
      </div>
    </li>
  );
}
