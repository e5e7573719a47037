import type { ReactNode } from "react";

import type { CacheBody } from "../../_analytics/cache-contract";
import { formatCount } from "../../_analytics/words";
import { Bytes } from "./Bytes";

interface BeforeAfterProps {
  before: CacheBody;
  after: CacheBody;
  /** What the second column is called. */
  now?: string;
}

/** The cache before a cleaning, and after it. */
export function BeforeAfter({ before, after, now = "After" }: BeforeAfterProps) {
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
            {now}
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
