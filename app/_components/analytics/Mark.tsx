import type { ReactNode } from "react";

const TONES = {
  plain: "border-line text-quiet",
  good: "border-accent-line bg-accent-soft text-accent",
  bad: "border-bad-line bg-bad-soft text-bad",
};

/** A short word about something in a table. */
export function Mark({ tone = "plain", children }: { tone?: keyof typeof TONES; children: ReactNode }) {
  return (
    <span className={`inline-block rounded-control border px-1.5 text-xs leading-5 whitespace-nowrap ${TONES[tone]}`}>
      {children}
    </span>
  );
}
