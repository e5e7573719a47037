import type { ReactNode } from "react";

import type { CacheBody, ExecutedPlan } from "../../_analytics/cache-contract";
import { formatCount } from "../../_analytics/words";
import { Bytes } from "./Bytes";
import { nameOf } from "./PlanItems";

interface CleaningResultProps {
  executed: ExecutedPlan;
  before: CacheBody | null;
  /** Null when it could not be read. */
  after: CacheBody | null;
  onClose: () => void;
}

/** What was freed, what stayed against the plan and why, and the cache before and after. */
export function CleaningResult({ executed, before, after, onClose }: CleaningResultProps) {
  const { freed_size, kept, warnings } = executed;
  return (
    <>
      <p>
        <strong data-testid="freed">
          <Bytes bytes={freed_size} isExact />
        </strong>{" "}
        {freed_size === 1 ? "was" : "were"} freed.
      </p>
      {kept.map(({ item, reason }, index) => (
        <p key={index} className="wrap-anywhere text-bad" data-testid="kept">
          {nameOf(item)} stays: {reason}.
        </p>
      ))}
      {warnings.map((warning, index) => (
        <p key={index} className="wrap-anywhere text-quiet">
          {warning}
        </p>
      ))}
      {before !== null && after !== null && <BeforeAfter before={before} after={after} />}
      <div>
        <button type="button" className="button-quiet" onClick={onClose}>
          Close
        </button>
      </div>
    </>
  );
}

function BeforeAfter({ before, after }: { before: CacheBody; after: CacheBody }) {
  const rows: [string, (cache: CacheBody) => ReactNode][] = [
    ["Size of the cache", ({ size_on_disk }) => <Bytes bytes={size_on_disk} isExact />],
    ["Repositories", ({ nb_repos }) => formatCount(nb_repos)],
    ["Free disk", ({ disk }) => (disk === null ? "unknown" : <Bytes bytes={disk.free_size} />)],
  ];
  const cell = "px-2 py-1 text-right tabular-nums";
  return (
    <table className="border-collapse self-start border border-line bg-surface" data-testid="before-after">
      <thead>
        <tr className="bg-raised">
          <td />
          <th scope="col" className={cell}>
            Before
          </th>
          <th scope="col" className={cell}>
            After
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, value]) => (
          <tr key={name} className="border-t border-line">
            <th scope="row" className="px-2 py-1 text-left font-normal">
              {name}
            </th>
            <td className={cell}>{value(before)}</td>
            <td className={cell}>{value(after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
