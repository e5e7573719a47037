"use client";

import { useState, useSyncExternalStore } from "react";

import { visitorSession } from "../_chat/visitor-session";

/** Says once what a browser that keeps nothing for the page costs its visitor. */
export function ForgottenNote() {
  const isLost = useSyncExternalStore(
    visitorSession.subscribe,
    () => visitorSession.isLost,
    () => false,
  );
  const [isRead, setRead] = useState(false);
  return (
    <div role="status" className="empty:sr-only">
      {isLost && !isRead && (
        <p
          className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-box border border-accent-line bg-accent-soft px-3 py-2 text-sm"
          data-testid="forgotten"
        >
          <span className="min-w-0 flex-1 basis-60">
            Your browser keeps no cookies here, nor anything else: your conversations can be found again until this page
            is reloaded or closed. Save those you need as Markdown or JSON, in the list of conversations.
          </span>
          <button type="button" className="button-quiet" onClick={() => setRead(true)}>
            Understood
          </button>
        </p>
      )}
    </div>
  );
}
