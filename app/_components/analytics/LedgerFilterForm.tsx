import type { FormEvent } from "react";

import { LEDGER_STEPS, type LedgerFilter } from "../../_analytics/ledger-address";

interface LedgerFilterFormProps {
  filter: LedgerFilter;
  /** The models that can be asked for. */
  models: readonly string[];
  onChange: (change: Partial<LedgerFilter>) => void;
}

const FIELD = "h-8 max-w-full rounded-control border border-field-line bg-surface px-2 text-ink";

/** Which steps are shown: of a model, of a kind, of a run. */
export function LedgerFilterForm({ filter, models, onChange }: LedgerFilterFormProps) {
  const { run, model, step } = filter;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onChange({ run: String(new FormData(event.currentTarget).get("run") ?? "").trim() });
  };
  // A link may name one that nothing is on record of.
  const known = model === "" || models.includes(model) ? models : [model, ...models];
  return (
    <form className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm text-quiet" onSubmit={submit}>
      <label className="flex items-center gap-1.5">
        Model
        <select
          aria-label="Model"
          className={FIELD}
          value={model}
          onChange={(event) => onChange({ model: event.target.value })}
        >
          <option value="">all</option>
          {known.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label className="flex items-center gap-1.5">
        Step
        <select
          aria-label="Step"
          className={FIELD}
          value={step}
          onChange={(event) => onChange({ step: event.target.value })}
        >
          <option value="">all</option>
          {LEDGER_STEPS.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label className="flex min-w-0 items-center gap-1.5">
        Run
        <input
          key={run}
          name="run"
          defaultValue={run}
          maxLength={200}
          placeholder="its whole id"
          className={`${FIELD} min-w-0`}
        />
      </label>
      <button type="submit" className="button-quiet h-8">
        Find
      </button>
    </form>
  );
}
