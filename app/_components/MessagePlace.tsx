import { createContext, use, type ReactNode } from "react";

/** The message that a link leads to. */
export const LinkedMessage = createContext<string | null>(null);

/** Where a message stands, drawn or not: what a link to it scrolls to, and marks. */
export function MessagePlace({ id, children }: { id: string; children: ReactNode }) {
  const isLinked = use(LinkedMessage) === id;
  return (
    <div
      data-message={id}
      // The outline is inside: what is drawn outside of a group of messages is cut off.
      className={`flex min-w-0 flex-col ${isLinked ? "rounded-box p-2 outline-2 -outline-offset-2 outline-accent" : ""}`}
      {...(isLinked && { role: "group", "aria-label": "The turn that the link leads to", tabIndex: -1 })}
    >
      {children}
    </div>
  );
}
