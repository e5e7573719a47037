import { useId, useState, type FormEvent } from "react";

import type { CleaningCall } from "../../_analytics/cache-contract";
import { targetsOf, type Picks } from "../../_analytics/picks";

interface CleanBarProps {
  picks: Picks;
  onUnpick: () => void;
  onPlan: (call: CleaningCall) => void;
}

const FIELD = "h-8 w-20 rounded-control border border-field-line bg-surface px-2 text-ink tabular-nums";
const MOST_TARGETS = 1_000;

/** The ways to make room. Each shows its plan first. */
export function CleanBar({ picks, onUnpick, onPlan }: CleanBarProps) {
  const id = useId();
  const targets = targetsOf(picks);
  return (
    <section
      aria-labelledby={id}
      className="flex flex-wrap items-center gap-x-6 gap-y-3 rounded-box border border-line bg-surface px-3 py-2 text-sm"
    >
      <h2 id={id} className="sr-only">
        Make room
      </h2>
      <div className="flex flex-wrap items-center gap-2">
        <button
          type="button"
          className="button-quiet h-8 disabled:opacity-50"
          disabled={targets.length === 0 || targets.length > MOST_TARGETS}
          onClick={() => onPlan({ action: "rm", targets })}
        >
          Remove what is picked ({targets.length})
        </button>
        {targets.length > 0 && (
          <button type="button" className="button-plain" onClick={onUnpick}>
            Unpick all
          </button>
        )}
      </div>
      <button
        type="button"
        className="button-quiet h-8"
        title="Revisions that nothing names, downloads that nobody goes on with, blobs that nothing uses"
        onClick={() => onPlan({ action: "prune" })}
      >
        Prune what nothing uses
      </button>
      <KeepForm onPlan={onPlan} />
    </section>
  );
}

function KeepForm({ onPlan }: Pick<CleanBarProps, "onPlan">) {
  const id = useId();
  const [problem, setProblem] = useState<string | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const call = keepCall(given);
    setProblem(call === null ? "Say how many models stay, how many GB, or both." : null);
    if (call !== null) onPlan(call);
  };
  return (
    <form className="flex flex-wrap items-center gap-2" onSubmit={submit} noValidate>
      <label className="flex items-center gap-1.5">
        Keep the
        <input name="count" inputMode="numeric" maxLength={7} className={FIELD} aria-describedby={id} />
        used last,
      </label>
      <label className="flex items-center gap-1.5">
        within
        <input name="gigabytes" inputMode="decimal" maxLength={12} className={FIELD} aria-describedby={id} />
        GB
      </label>
      <label className="flex items-center gap-1.5">
        <input type="checkbox" name="all" className="size-4 accent-accent-fill" />
        datasets and spaces too
      </label>
      <button type="submit" className="button-quiet h-8">
        Remove the others
      </button>
      <span id={id} role="status" className="text-bad">
        {problem}
      </span>
    </form>
  );
}

/** What the form asks for; null when it does not say how much may stay. Pure. */
export function keepCall(given: FormData): CleaningCall | null {
  const read = (name: string): string => String(given.get(name) ?? "").trim();
  const [count, gigabytes] = [read("count"), read("gigabytes").replace(",", ".")];
  if (count === "" && gigabytes === "") return null;
  if (count !== "" && !/^\d{1,6}$/.test(count)) return null;
  if (gigabytes !== "" && !/^\d{1,6}(\.\d{0,9})?$/.test(gigabytes)) return null;
  return {
    action: "keep",
    ...(count !== "" && { count: Number(count) }),
    ...(gigabytes !== "" && { max_size: Math.round(Number(gigabytes) * 1e9) }),
    ...(given.get("all") !== null && { all_types: true }),
  };
}
