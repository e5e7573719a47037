import { useState } from "react";

import type { MetricsRun } from "@/lib/wire";

import { RunRow } from "./RunRow";
import { RUN_COLUMNS } from "./run-columns";

/** Turns, a row for each, that opens. */
export function RunsTable({ runs }: { runs: readonly MetricsRun[] }) {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const toggle = (key: number) => {
    const next = new Set(opened);
    if (!next.delete(key)) next.add(key);
    setOpened(next);
  };
  return (
    <table className="w-full border-collapse rounded-box border border-line bg-surface text-sm" data-testid="runs">
      <caption className="sr-only">Recent turns, the newest first</caption>
      <thead>
        <tr className="bg-raised">
          {RUN_COLUMNS.map(({ name, place }) => (
            <th key={name} scope="col" className={`px-2 py-1 ${place}`}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      {runs.map((run) => (
        <RunRow key={run.key} run={run} isOpen={opened.has(run.key)} onToggle={() => toggle(run.key)} />
      ))}
    </table>
  );
}
