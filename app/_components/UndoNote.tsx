import type { ConversationEntry } from "@/lib/wire";

/** For some seconds after a conversation was deleted. */
export function UndoNote({ removed, onUndo }: { removed: ConversationEntry | null; onUndo: () => void }) {
  return (
    <div role="status" className="fixed inset-x-3 bottom-3 z-10 flex justify-center empty:hidden">
      {removed !== null && (
        <p className="flex max-w-full items-center gap-3 rounded-box border border-line bg-surface px-3 py-2 text-sm shadow-lg">
          <span className="min-w-0 truncate">“{removed.title === "" ? "Untitled" : removed.title}” was deleted.</span>
          <button type="button" className="button-quiet shrink-0" onClick={onUndo}>
            Undo
          </button>
        </p>
      )}
    </div>
  );
}
