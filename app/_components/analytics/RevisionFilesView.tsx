import { useState } from "react";

import type { Part, Picks } from "../../_analytics/picks";
import { useRevisionFiles } from "../../_analytics/use-revision-files";
import { counted, formatCount } from "../../_analytics/words";
import { Bytes } from "./Bytes";
import { FileRow } from "./FileRow";
import { PartBox } from "./PartBox";

interface RevisionFilesViewProps {
  /** As `model/ORG/NAME`. */
  repo: string;
  commit: string;
  listing: string;
  picks: Picks;
  onPick: (parts: readonly Part[], isPicked: boolean) => void;
}

const MOST_ROWS = 100;

/** The files of a revision, the largest first, and its quants where there are any. */
export function RevisionFilesView({ repo, commit, listing, picks, onPick }: RevisionFilesViewProps) {
  const { files: read, problem } = useRevisionFiles(repo, commit, listing);
  const [isWhole, setWhole] = useState(false);
  if (problem !== null) return <p className="mt-1 ml-6 wrap-anywhere text-bad">{problem.message}</p>;
  if (read === null) return <p className="mt-1 ml-6 text-quiet">The files are being read.</p>;
  const { quants, files, left_out } = read;
  const shown = isWhole ? files : files.slice(0, MOST_ROWS);
  return (
    <div className="mt-1 ml-1 flex flex-col gap-1.5 sm:ml-6" data-testid="files">
      {quants.length > 0 && (
        <ul aria-label="Quants" className="flex flex-wrap gap-x-4 gap-y-1">
          {quants.map(({ quant, size_on_disk, nb_files }) => (
            <li key={quant} data-quant={quant}>
              <label className="flex items-center gap-1.5">
                <PartBox part={{ repo, commit, quant }} label={`quant ${quant}`} picks={picks} onPick={onPick} />
                <span>
                  {quant} <Bytes bytes={size_on_disk} />
                  {nb_files > 1 && `, ${nb_files} files`}
                </span>
              </label>
            </li>
          ))}
        </ul>
      )}
      <table className="w-full border-collapse border-y border-line">
        <caption className="sr-only">Files of revision {commit.slice(0, 12)}</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">Pick</th>
            <th scope="col">File</th>
            <th scope="col">Size</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((file) => (
            <FileRow key={file.file} repo={repo} commit={commit} file={file} picks={picks} onPick={onPick} />
          ))}
        </tbody>
      </table>
      {shown.length < files.length && (
        <button type="button" className="button-quiet self-start" onClick={() => setWhole(true)}>
          Show all {formatCount(files.length)} files
        </button>
      )}
      {left_out > 0 && (isWhole || files.length <= MOST_ROWS) && (
        <p className="text-quiet">{counted(left_out, "smaller file")} not listed.</p>
      )}
    </div>
  );
}
