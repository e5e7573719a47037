"use client";

import { useMemo, useState, type ReactNode } from "react";

import type { MemoryLogEntry } from "@/lib/wire";

import { ledgerSteps, type LedgerStepRow } from "../../_analytics/ledger-steps";
import { formatCount } from "../../_analytics/words";
import { formatTime } from "../../_trace/words";
import { Bytes } from "./Bytes";
import { Pager } from "./Pager";
import { RunCell } from "./RunCell";

const PAGE_ROWS = 50;
const HEAD = ["Before", "Peak", "After", "Forecast", "Container", "Took", "Tokens"];

interface LedgerTableProps {
  records: readonly MemoryLogEntry[];
  /** The kind of step that is shown; empty: all. */
  step: string;
  ownRuns: ReadonlySet<string>;
  /** Shows the steps of one run. */
  onRun: (run: string) => void;
}

/** The steps of the ledger, the newest first. */
export function LedgerTable({ records, step, ownRuns, onRun }: LedgerTableProps) {
  const [page, setPage] = useState(0);
  const steps = useMemo(() => ledgerSteps(records).filter((row) => step === "" || row.step === step), [records, step]);
  const pages = Math.max(1, Math.ceil(steps.length / PAGE_ROWS));
  const at = Math.min(page, pages - 1);
  if (steps.length === 0) return <p className="text-sm text-quiet">No such step is on record.</p>;
  return (
    <>
      <div
        role="region"
        aria-label="Steps of the ledger"
        tabIndex={0}
        className="overflow-x-auto rounded-box border border-line bg-surface text-sm"
      >
        <table className="w-full border-collapse" data-testid="ledger">
          <thead>
            <tr className="bg-raised">
              {["Time", "Step", "Model", "Run"].map((name) => (
                <th key={name} scope="col" className="px-2 py-1 text-left">
                  {name}
                </th>
              ))}
              {HEAD.map((name) => (
                <th key={name} scope="col" className="px-2 py-1 text-right">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {steps.slice(at * PAGE_ROWS, (at + 1) * PAGE_ROWS).map((row) => (
              <StepRow key={row.id} row={row} isOwn={row.run !== null && ownRuns.has(row.run)} onRun={onRun} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="text-xs text-quiet">
        What a process holds here is all that is resident; the steps of an answer in the chat show the anonymous part of
        it, without pages of files.
      </p>
      {pages > 1 && (
        <div className="mt-2 text-sm text-quiet">
          <Pager of="the ledger" page={at} pages={pages} onTurn={setPage} />
        </div>
      )}
    </>
  );
}

function StepRow({ row, ...run }: { row: LedgerStepRow; isOwn: boolean; onRun: (run: string) => void }) {
  const moment = new Date(row.time);
  const figures: ReactNode[] = [
    sizeOf(row.before),
    sizeOf(row.peak),
    sizeOf(row.after),
    sizeOf(row.forecast),
    sizeOf(row.container),
    row.durationMs === null ? "–" : formatTime(row.durationMs),
    row.tokens === null ? "–" : formatCount(row.tokens),
  ];
  return (
    <tr className="border-t border-line" data-step={row.step}>
      <td className="px-2 py-1 whitespace-nowrap">
        <time dateTime={moment.toISOString()} title={moment.toLocaleString()}>
          {moment.toLocaleTimeString()}
        </time>
      </td>
      <td className="px-2 py-1">
        {row.step}
        {row.outcome !== "done" && (
          <span className={row.outcome === "failed" ? "text-bad" : "text-quiet"}> ({row.outcome})</span>
        )}
      </td>
      <td className="px-2 py-1">{row.model ?? "–"}</td>
      <td className="px-2 py-1 whitespace-nowrap">{row.run === null ? "–" : <RunCell {...run} run={row.run} />}</td>
      {figures.map((figure, index) => (
        <td key={index} className="px-2 py-1 text-right whitespace-nowrap tabular-nums">
          {figure}
        </td>
      ))}
    </tr>
  );
}

function sizeOf(bytes: number | null): ReactNode {
  return bytes === null ? "–" : <Bytes bytes={bytes} />;
}
