import type { ContextUse } from "../_chat/context-use";

interface ContextMeterProps {
  use: ContextUse | null;
  /** Tokens of the model's context; null while it is not known. */
  size: number | null;
}

const count = (tokens: number): string => tokens.toLocaleString("en-US");

/** How much of its model's context this conversation takes before the next question. */
export function ContextMeter({ use, size }: ContextMeterProps) {
  if (use === null) return null;
  const { tokens, omittedTurns } = use;
  const share = size === null ? null : Math.min(100, (tokens / size) * 100);
  const words = size === null ? `${count(tokens)} tokens` : `${count(tokens)} of ${count(size)} tokens`;
  return (
    <div className="mt-1 text-xs text-quiet" data-testid="context">
      <p className="flex items-center gap-2 tabular-nums">
        <span className="shrink-0">Context</span>
        {share !== null && (
          <span
            role="meter"
            aria-label="Context in use"
            aria-valuemin={0}
            aria-valuemax={size!}
            aria-valuenow={Math.min(tokens, size!)}
            aria-valuetext={`${words}, ${Math.round(share)} %`}
            className="h-1.5 w-24 shrink-0 overflow-hidden rounded-full border border-field-line sm:w-40"
          >
            <span
              className={`block h-full ${share < 75 ? "bg-ink" : "bg-accent"}`}
              style={{ width: `max(${share}%, 2px)` }}
            />
          </span>
        )}
        <span
          className="min-w-0"
          title="What the next turn begins with: all that the answering model has read and written"
        >
          {words}
        </span>
      </p>
      {omittedTurns > 0 && (
        <p>
          {omittedTurns === 1
            ? "The last answer was written without the oldest turn: it did not fit any more."
            : `The last answer was written without the ${count(omittedTurns)} oldest turns: they did not fit any more.`}
        </p>
      )}
    </div>
  );
}
