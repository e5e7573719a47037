import { useId, type ReactNode } from "react";

import { formatCount } from "../../_analytics/words";

interface SectionProps {
  title: string;
  /** When not all of it is shown, it is said. */
  list: { entries: readonly unknown[]; count: number };
  children: ReactNode;
}

/** A part of the page with a list that may be too long to be shown whole. */
export function Section({ title, list: { entries, count }, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex min-w-0 flex-col gap-2">
      <h2 id={id} className="text-lg font-semibold">
        {title} <span className="text-sm font-normal text-quiet">{formatCount(count)}</span>
      </h2>
      {children}
      {count > entries.length && (
        <p className="text-sm text-quiet">
          These are {formatCount(entries.length)} of {formatCount(count)}: memwell audit --json prints all.
        </p>
      )}
    </section>
  );
}
