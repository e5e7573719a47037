"use client";

import { useCallback, useLayoutEffect, useRef } from "react";

import { useLedger, type ReadLedger } from "../../_analytics/use-ledger";
import { useLedgerFilter } from "../../_analytics/use-ledger-filter";
import type { LedgerFilter } from "../../_analytics/ledger-address";
import { LedgerFilterForm } from "./LedgerFilterForm";
import { LedgerTable } from "./LedgerTable";
import { TurnNote } from "./TurnNote";

interface LedgerProps {
  /** The ledger without a filter. */
  everything: ReadLedger;
  /** The models that can be asked for. */
  models: readonly string[];
}

/** What each step of each model held, by run, model and step, as the page's address says. */
export function Ledger({ everything, models }: LedgerProps) {
  const [filter, change] = useLedgerFilter();
  const { run, model } = filter;
  const title = useRef<HTMLHeadingElement>(null);
  const isLinked = useRef(run !== "");
  // Who follows a link to the steps of one turn looks for nothing else on this page.
  const onShown = useCallback(() => {
    if (!isLinked.current) return;
    isLinked.current = false;
    title.current?.scrollIntoView();
    title.current?.focus({ preventScroll: true });
  }, []);
  const shared = { filter, onChange: change, onShown };
  return (
    <section aria-labelledby="ledger-title" className="flex flex-col gap-2">
      <h2 id="ledger-title" ref={title} tabIndex={-1} className="font-semibold focus:outline-none">
        Steps on record
      </h2>
      <LedgerFilterForm filter={filter} models={models} onChange={change} />
      {run === "" && model === "" ? (
        <LedgerView read={everything} {...shared} />
      ) : (
        <FilteredLedger key={JSON.stringify([run, model])} {...shared} />
      )}
    </section>
  );
}

interface FilteredProps {
  filter: LedgerFilter;
  onChange: (change: Partial<LedgerFilter>) => void;
  /** Its records are there, and the page is as long as it gets. */
  onShown: () => void;
}

function FilteredLedger(props: FilteredProps) {
  return <LedgerView read={useLedger(props.filter)} {...props} />;
}

function LedgerView({ read, filter, onChange, onShown }: FilteredProps & { read: ReadLedger }) {
  const { records, ownRuns, problem } = read;
  const { run, model, step } = filter;
  const isShown = records !== null;
  useLayoutEffect(() => {
    if (isShown) onShown();
  }, [isShown, onShown]);
  return (
    <>
      {problem !== null && (
        <p className="text-sm wrap-anywhere text-bad" role="alert">
          {problem.message}
        </p>
      )}
      {run !== "" && <TurnNote run={run} isOwn={ownRuns.has(run)} onAll={() => onChange({ run: "" })} />}
      {records?.length === 0 && run === "" && model === "" && (
        <p className="text-sm text-quiet">No steps yet: no model was loaded.</p>
      )}
      {records !== null && (records.length > 0 || run !== "" || model !== "") && (
        <LedgerTable
          records={records}
          step={step}
          ownRuns={ownRuns}
          onRun={(wanted) => onChange({ run: wanted, model: "", step: "" })}
        />
      )}
    </>
  );
}
