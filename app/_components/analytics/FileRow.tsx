import type { RevisionFile } from "../../_analytics/cache-contract";
import type { Part, Picks } from "../../_analytics/picks";
import { Bytes } from "./Bytes";
import { Mark } from "./Mark";
import { PartBox } from "./PartBox";

interface FileRowProps {
  repo: string;
  commit: string;
  file: RevisionFile;
  picks: Picks;
  onPick: (parts: readonly Part[], isPicked: boolean) => void;
}

/** One file: its quant, and what else needs its bytes. */
export function FileRow({ repo, commit, file, picks, onPick }: FileRowProps) {
  const { file: name, size_on_disk, quant, nb_revisions, shared, also_in } = file;
  return (
    <tr className="border-t border-line first:border-t-0" data-testid="file" data-file={name}>
      <td className="w-6 py-1 align-top">
        <label className="flex py-0.5">
          <PartBox part={{ repo, commit, file: name }} label={name} quantOfFile={quant} picks={picks} onPick={onPick} />
        </label>
      </td>
      <td className="py-1 pr-2">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          <span className="min-w-0 wrap-anywhere">{name}</span>
          {quant !== null && <Mark tone="good">{quant}</Mark>}
          {nb_revisions > 1 && <Mark>in {nb_revisions} revisions</Mark>}
          {shared && also_in.length === 0 && <Mark>in the shared store</Mark>}
          {also_in.length > 0 && (
            <span className="text-xs wrap-anywhere text-quiet">
              {shared ? "shared with" : "copied in"} {also_in.slice(0, 5).join(", ")}
              {also_in.length > 5 && ` and ${also_in.length - 5} more`}
            </span>
          )}
        </span>
      </td>
      <td className="w-16 py-1 text-right align-top whitespace-nowrap">
        <Bytes bytes={size_on_disk} />
      </td>
    </tr>
  );
}
