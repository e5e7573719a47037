import { useEffect, useRef, type ReactNode } from "react";

import { focusSearch } from "../_chat/focus-search";

interface ConversationDrawerProps {
  /** It is opened to look for something. */
  isSearch: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** The list on a narrow screen: over the page, from the left, until something is chosen or Escape is pressed. */
export function ConversationDrawer({ isSearch, onClose, children }: ConversationDrawerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    if (isSearch) focusSearch(dialog.current);
  }, [isSearch]);
  return (
    <dialog
      ref={dialog}
      aria-label="Your conversations"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
      className="fixed inset-y-0 left-0 m-0 h-dvh max-h-none w-[min(20rem,85vw)] max-w-none border-r border-line bg-page p-3 text-ink backdrop:bg-black/40"
    >
      <div className="flex h-full flex-col gap-2">
        <div className="flex items-center justify-between">
          <h2 className="font-semibold">Conversations</h2>
          <button type="button" className="button-quiet" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
