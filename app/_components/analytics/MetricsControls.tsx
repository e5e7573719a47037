import {
  GROUPS,
  hasHours,
  MOST_SMOOTHING,
  RANGES,
  type MetricsGroup,
  type MetricsRange,
  type MetricsView,
} from "../../_analytics/metrics-view";

const FIELD = "h-8 rounded-control border border-field-line bg-surface px-1 text-ink";

interface MetricsControlsProps {
  view: MetricsView;
  onChange: (change: Partial<MetricsView>) => void;
}

/** How long a time is shown, put together by what, and how smooth its lines are. */
export function MetricsControls({ view, onChange }: MetricsControlsProps) {
  return (
    <form
      aria-label="What is shown"
      className="flex flex-wrap items-center gap-x-5 gap-y-2 text-sm text-quiet"
      onSubmit={(event) => event.preventDefault()}
    >
      <label className="flex items-center gap-1.5">
        Range
        <select
          aria-label="Range"
          className={FIELD}
          value={view.range}
          onChange={(event) => onChange({ range: event.target.value as MetricsRange })}
        >
          {RANGES.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label className="flex items-center gap-1.5">
        By
        <select
          aria-label="By"
          className={FIELD}
          value={view.by}
          onChange={(event) => onChange({ by: event.target.value as MetricsGroup })}
        >
          {GROUPS.map((group) => (
            <option key={group} disabled={group === "hour" && !hasHours(view.range)}>
              {group}
            </option>
          ))}
        </select>
      </label>
      <label className="flex min-w-0 items-center gap-1.5">
        Smoothing
        <input
          type="range"
          aria-label="Smoothing"
          min={0}
          max={MOST_SMOOTHING}
          step={0.1}
          className="w-32 min-w-0 accent-accent-fill disabled:opacity-50"
          value={view.smoothing}
          disabled={view.by === "model"}
          onChange={(event) => onChange({ smoothing: Number(event.target.value) })}
        />
        <output className="w-6 tabular-nums">{view.smoothing}</output>
      </label>
    </form>
  );
}
