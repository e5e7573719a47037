import { useEffect, useRef } from "react";

import type { ModelUseBody } from "@/lib/wire";

import { announcementOf, fractionOf, isUnderWay, useWords } from "../../_models/words";

interface UseProgressProps {
  use: ModelUseBody;
  /** Null for who may not. */
  onCancel: (() => void) | null;
}

/** How far a change of models is, and how it ended. */
export function UseProgress({ use, onCancel }: UseProgressProps) {
  const fraction = fractionOf(use);
  const section = useRef<HTMLElement>(null);
  const isOver = !isUnderWay(use);
  useEffect(() => {
    // The button that was pressed has gone, to begin as to cancel.
    if (document.activeElement === document.body) section.current?.focus();
  }, [isOver]);
  const isFailed = use.phase === "failed";
  const look = isFailed ? "border-bad-line bg-bad-soft" : "border-accent-line bg-accent-soft";
  return (
    <section
      ref={section}
      tabIndex={-1}
      aria-label="The change of models"
      className={`mt-3 rounded-box border px-3 py-2 text-sm ${look}`}
      data-testid="use"
      data-phase={use.phase}
    >
      {/* Figures change several times a second: what is read out is what follows, up to how it ended. */}
      <p aria-hidden="true" className={`wrap-anywhere ${isFailed ? "text-bad" : ""}`}>
        {useWords(use, Date.now())}
      </p>
      <p role="status" className="sr-only">
        {announcementOf(use)}
      </p>
      {use.not_kept !== null && <p className="wrap-anywhere">{use.not_kept}</p>}
      {isUnderWay(use) && (
        <div className="mt-2 flex items-center gap-3">
          <Bar label={`Progress of ${use.name}`} fraction={fraction} />
          {onCancel !== null && (
            <button type="button" className="button-quiet" onClick={onCancel}>
              Cancel
            </button>
          )}
        </div>
      )}
      {isUnderWay(use) && <p className="mt-1 text-quiet">This page may be left: the server goes on.</p>}
    </section>
  );
}

/** Without a fraction nobody can say how long it takes. */
function Bar({ label, fraction }: { label: string; fraction: number | null }) {
  const percent = fraction === null ? null : Math.round(fraction * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      {...(percent !== null && { "aria-valuenow": percent, "aria-valuemin": 0, "aria-valuemax": 100 })}
      className="h-2 min-w-0 flex-1 overflow-hidden rounded-full border border-line bg-surface"
    >
      <div
        className={`h-full bg-accent-fill ${percent === null ? "motion-safe:animate-pulse" : ""}`}
        style={{ width: `${percent ?? 100}%` }}
      />
    </div>
  );
}
