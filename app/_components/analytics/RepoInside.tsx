import { useState } from "react";

import type { Part, Picks } from "../../_analytics/picks";
import type { RepoRow } from "../../_analytics/repo-rows";
import { counted } from "../../_analytics/words";
import { Ago } from "./Ago";
import { Bytes } from "./Bytes";
import { RevisionView } from "./RevisionView";

interface RepoInsideProps {
  row: RepoRow;
  listing: string;
  picks: Picks;
  onPick: (parts: readonly Part[], isPicked: boolean) => void;
}

const MOST_REVISIONS = 50;

/** What is in a repository: its revisions, what belongs to none of them, and what is wrong with it. */
export function RepoInside({ row, listing, picks, onPick }: RepoInsideProps) {
  const { repo, incomplete, unused, warnings } = row;
  const [isWhole, setWhole] = useState(false);
  // What was fetched last is looked for first.
  const revisions = [...repo.revisions].sort((left, right) => right.last_modified - left.last_modified);
  const shown = isWhole ? revisions : revisions.slice(0, MOST_REVISIONS);
  return (
    <div className="flex flex-col gap-2 border-t border-line bg-page px-3 py-2 sm:px-8" data-testid="repo-inside">
      <p className="text-quiet md:hidden">
        {repo.repo_type}, {counted(repo.revisions.length, "revision")}, {counted(repo.nb_files, "file")}, last used{" "}
        <Ago seconds={repo.last_accessed} />
      </p>
      {warnings.map((warning, index) => (
        <p key={index} className="wrap-anywhere text-bad">
          {warning}
        </p>
      ))}
      {incomplete.nb_files > 0 && (
        <p>
          <Bytes bytes={incomplete.size_on_disk} isExact /> of {counted(incomplete.nb_files, "download")} that{" "}
          {incomplete.nb_files === 1 ? "has" : "have"} not ended.
        </p>
      )}
      {unused.nb_files > 0 && (
        <p>
          <Bytes bytes={unused.size_on_disk} isExact /> in {counted(unused.nb_files, "blob")} that no revision shows.
        </p>
      )}
      {incomplete.nb_files + unused.nb_files > 0 && (
        <p className="text-quiet">Prune removes these; none of them counts in the size above.</p>
      )}
      {revisions.length === 0 && <p className="text-quiet">No revision is here.</p>}
      <ul className="flex flex-col gap-1">
        {shown.map((revision) => (
          <RevisionView
            key={revision.commit_hash}
            repo={row.name}
            revision={revision}
            listing={listing}
            isFirstOpen={revisions.length === 1}
            picks={picks}
            onPick={onPick}
          />
        ))}
      </ul>
      {shown.length < revisions.length && (
        <button type="button" className="button-quiet self-start" onClick={() => setWhole(true)}>
          Show all {revisions.length} revisions
        </button>
      )}
    </div>
  );
}
