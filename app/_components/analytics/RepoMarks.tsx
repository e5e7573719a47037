import type { RepoRow } from "../../_analytics/repo-rows";
import { counted, useWords } from "../../_analytics/words";
import { Bytes } from "./Bytes";
import { Mark } from "./Mark";

/** What stands out about a repository: who uses it, and what is wrong with it. */
export function RepoMarks({ row }: { row: RepoRow }) {
  const { repo, uses, incomplete, unused, detached, warnings } = row;
  return (
    <span className="flex flex-wrap gap-1">
      {uses.map((use) => (
        <Mark key={`${use.model} ${use.process}`} tone="good">
          {useWords(use)}
        </Mark>
      ))}
      {repo.damaged && <Mark tone="bad">damaged</Mark>}
      {incomplete.nb_files > 0 && (
        <Mark tone="bad">
          incomplete <Bytes bytes={incomplete.size_on_disk} />
        </Mark>
      )}
      {unused.nb_files > 0 && (
        <Mark>
          unused <Bytes bytes={unused.size_on_disk} />
        </Mark>
      )}
      {detached > 0 && <Mark>{detached} detached</Mark>}
      {warnings.length > 0 && <Mark tone="bad">{counted(warnings.length, "warning")}</Mark>}
    </span>
  );
}
