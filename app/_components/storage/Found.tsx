import { useMemo } from "react";

import { counted, formatCount } from "../../_analytics/words";
import type { StorageFinding, StorageReport } from "../../_storage/contract";
import { CAUSE_WORDS } from "../../_storage/words";
import { Duplicates } from "./Duplicates";
import { ModelTable } from "./ModelTable";
import { Section } from "./Section";
import { Size } from "./Size";
import { SortedTable, type Column } from "./SortedTable";
import { StorageMark } from "./StorageMark";

/** What the audit found: models, copies, and what to look at. */
export function Found({ report }: { report: StorageReport }) {
  const { models, findings, notes, nb_judged_by_name: byName } = report;
  return (
    <>
      {models.count > 0 && (
        <Section title="Models" list={models}>
          <ModelTable models={models.entries} />
        </Section>
      )}
      <Duplicates report={report} />
      {findings.count > 0 && (
        <Section title="What to look at" list={findings}>
          <FindingTable findings={findings.entries} />
        </Section>
      )}
      {(notes.count > 0 || byName > 0) && (
        <details className="text-sm" data-testid="notes">
          <summary>{counted(notes.count, "note")} of the audit</summary>
          {byName > 0 && <p>{formatCount(byName)} small files were judged by their endings alone.</p>}
          <ul
            className="mt-1 max-h-48 overflow-y-auto rounded-control border border-line px-2 py-1"
            tabIndex={0}
            aria-label="Notes"
          >
            {notes.entries.map(({ path, message }, index) => (
              <li key={index} className="wrap-anywhere whitespace-pre-wrap">
                <span className="text-quiet">{path}</span>: {message}
              </li>
            ))}
            {notes.count > notes.entries.length && <li>and {formatCount(notes.count - notes.entries.length)} more</li>}
          </ul>
        </details>
      )}
    </>
  );
}

const MARK_WEIGHT = { "act-now": 2, look: 1 };

function FindingTable({ findings }: { findings: readonly StorageFinding[] }) {
  const columns = useMemo(
    (): Column<StorageFinding>[] => [
      { key: "mark", name: "Mark", value: ({ mark }) => -MARK_WEIGHT[mark], cell: ({ mark }) => <StorageMark mark={mark} /> }, // prettier-ignore
      { key: "path", name: "Path", value: ({ path }) => path, cell: ({ path }) => <span className="wrap-anywhere whitespace-pre-wrap">{path}</span> }, // prettier-ignore
      { key: "size", name: "Size", isFigure: true, value: (row) => row.apparent_size, cell: (row) => <Size bytes={row.apparent_size} /> }, // prettier-ignore
      { key: "cause", name: "What", value: ({ cause }) => cause, cell: ({ cause }) => CAUSE_WORDS[cause], shownFrom: "hidden md:table-cell" }, // prettier-ignore
      { key: "why", name: "Why", cell: ({ reason }) => <span className="text-quiet wrap-anywhere">{reason}</span>, shownFrom: "hidden sm:table-cell" }, // prettier-ignore
    ],
    [],
  );
  return (
    <SortedTable
      testId="findings"
      caption="What to look at"
      columns={columns}
      rows={findings}
      rowKey={({ cause, path }, index) => `${cause} ${path} ${index}`}
      order={{ key: "size", isDescending: true }}
      pageRows={10}
    />
  );
}
