import { useEffect, useRef } from "react";

import type { ConversationEntry } from "@/lib/wire";

/** For some seconds after a conversation was deleted. */
export function UndoNote({ removed, onUndo }: { removed: ConversationEntry | null; onUndo: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const { activeElement, body } = document;
    // The button that deleted it goes, and the focus with it: whoever has no mouse would not get here in time.
    if (removed !== null && (activeElement === body || activeElement?.closest("nav"))) button.current?.focus();
  }, [removed]);
  return (
    <div role="status" className="pointer-events-none fixed inset-x-3 bottom-3 z-10 flex justify-center">
      {removed !== null && (
        <p className="pointer-events-auto flex max-w-full items-center gap-3 rounded-box border border-line bg-surface px-3 py-2 text-sm shadow-lg">
          <span className="min-w-0 truncate">“{removed.title === "" ? "Untitled" : removed.title}” was deleted.</span>
          <button ref={button} type="button" className="button-quiet shrink-0" onClick={onUndo}>
            Undo
          </button>
        </p>
      )}
    </div>
  );
}
