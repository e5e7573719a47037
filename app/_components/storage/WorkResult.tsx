import { counted } from "../../_analytics/words";
import type { StorageApplied, StorageSums } from "../../_storage/contract";
import type { WorkDone } from "../../_storage/work-calls";
import { PHASE_TITLES } from "../../_storage/words";
import { Size } from "./Size";
import { StepResults } from "./StepResults";

interface WorkResultProps {
  done: WorkDone;
  /** Of the folder, as its last audit says. */
  total: StorageSums | null;
  /** It is audited anew. */
  isAuditing: boolean;
  onClose: () => void;
}

/** What was done, against what was expected, and how large the folder is now. */
export function WorkResult({ done, total, isAuditing, onClose }: WorkResultProps) {
  const { applied, restored, resumed, emptied } = done;
  const kept = restored?.kept ?? resumed?.kept ?? emptied?.kept;
  return (
    <>
      {applied !== undefined && <Applied applied={applied} />}
      {restored !== undefined && (
        <p data-testid="restored">{counted(restored.nb_restored, "path is", "paths are")} back where they were.</p>
      )}
      {resumed === null && <p>Nothing was interrupted.</p>}
      {resumed != null && <p data-testid="resumed">What was interrupted ({resumed.resumed}) is done.</p>}
      {emptied !== undefined && (
        <p data-testid="emptied">
          {counted(emptied.nb_files, "file was", "files were")} removed: the disk has{" "}
          <Size bytes={emptied.size_on_disk} /> back.
        </p>
      )}
      {kept?.entries.map(({ path, reason }, index) => (
        <p key={index} className="wrap-anywhere whitespace-pre-wrap text-bad" data-testid="kept">
          {path}: {reason}
        </p>
      ))}
      {kept !== undefined && kept.count > kept.entries.length && (
        <p className="text-bad">And {counted(kept.count - kept.entries.length, "more", "more")}.</p>
      )}
      <p role="status" className="text-quiet" data-testid="now">
        {isAuditing ? (
          "The folder is audited anew."
        ) : total === null ? null : (
          <>
            The folder has <Size bytes={total.apparent_size} /> now.
          </>
        )}
      </p>
      <div>
        <button type="button" className="button-quiet" onClick={onClose}>
          Close
        </button>
      </div>
    </>
  );
}

function Applied({ applied }: { applied: StorageApplied }) {
  const cell = "px-2 py-1 text-right";
  const rows = [...applied.phases.map(({ phase, ...sizes }) => ({ name: PHASE_TITLES[phase], ...sizes })), { name: "All", ...applied }]; // prettier-ignore
  return (
    <>
      <table className="border-collapse self-start border border-line bg-surface" data-testid="expected-achieved">
        <caption className="sr-only">What was expected to leave the folder, and what did</caption>
        <thead>
          <tr className="bg-raised">
            <td />
            <th scope="col" className={cell}>
              Planned
            </th>
            <th scope="col" className={cell}>
              Expected
            </th>
            <th scope="col" className={cell}>
              Achieved
            </th>
            <th scope="col" className={`${cell} hidden sm:table-cell`}>
              On disk
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, planned, expected, achieved }) => (
            <tr key={name} className="border-t border-line">
              <th scope="row" className="px-2 py-1 text-left font-normal">
                {name}
              </th>
              {[planned.apparent_size, expected.apparent_size, achieved.apparent_size].map((bytes, index) => (
                <td key={index} className={cell}>
                  <Size bytes={bytes} />
                </td>
              ))}
              <td className={`${cell} hidden sm:table-cell`}>
                <Size bytes={achieved.size_on_disk} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <StepResults applied={applied} />
    </>
  );
}
