"use client";

import { useState, type FormEvent } from "react";

import type { MemoryLogEntry } from "@/lib/wire";

import { useLedger, type LedgerFilter, type ReadLedger } from "../../_analytics/use-ledger";
import { LedgerTable } from "./LedgerTable";

const STEPS: readonly MemoryLogEntry["step"][] = [
  "start",
  "load",
  "context",
  "restore",
  "prefill",
  "decode",
  "save",
  "unload",
];
const FIELD = "h-8 max-w-full rounded-control border border-field-line bg-surface px-2 text-ink";

/** What each step of each model held, by run, model and step. */
export function Ledger({ everything, models }: { everything: ReadLedger; models: readonly string[] }) {
  const [filter, setFilter] = useState<LedgerFilter>({ run: "", model: "" });
  const [step, setStep] = useState("");
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const run = String(new FormData(event.currentTarget).get("run") ?? "").trim();
    setFilter((before) => ({ ...before, run }));
  };
  return (
    <section aria-labelledby="ledger-title" className="flex flex-col gap-2">
      <h2 id="ledger-title" className="font-semibold">
        Steps on record
      </h2>
      <form className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm text-quiet" onSubmit={submit}>
        <label className="flex items-center gap-1.5">
          Model
          <select
            aria-label="Model"
            className={FIELD}
            value={filter.model}
            onChange={(event) => setFilter({ ...filter, model: event.target.value })}
          >
            <option value="">all</option>
            {models.map((model) => (
              <option key={model}>{model}</option>
            ))}
          </select>
        </label>
        <label className="flex items-center gap-1.5">
          Step
          <select aria-label="Step" className={FIELD} value={step} onChange={(event) => setStep(event.target.value)}>
            <option value="">all</option>
            {STEPS.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label className="flex min-w-0 items-center gap-1.5">
          Run
          <input name="run" maxLength={200} placeholder="its whole id" className={`${FIELD} min-w-0`} />
        </label>
        <button type="submit" className="button-quiet h-8">
          Find
        </button>
      </form>
      {filter.run === "" && filter.model === "" ? (
        <LedgerView read={everything} step={step} />
      ) : (
        <FilteredLedger key={`${filter.model} ${filter.run}`} filter={filter} step={step} />
      )}
    </section>
  );
}

function FilteredLedger({ filter, step }: { filter: LedgerFilter; step: string }) {
  return <LedgerView read={useLedger(filter)} step={step} />;
}

function LedgerView({ read: { records, problem }, step }: { read: ReadLedger; step: string }) {
  return (
    <>
      {problem !== null && (
        <p className="text-sm wrap-anywhere text-bad" role="alert">
          {problem.message}
        </p>
      )}
      {records !== null && <LedgerTable records={records} step={step} />}
    </>
  );
}
