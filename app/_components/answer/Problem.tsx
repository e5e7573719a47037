import type { ReactNode } from "react";

/** A note about something that cannot be shown, in its place. */
export function Problem({ children }: { children: ReactNode }) {
  return (
    <p className="rounded-box border border-bad-line bg-bad-soft px-3 py-2 text-sm wrap-anywhere text-bad">
      {children}
    </p>
  );
}
