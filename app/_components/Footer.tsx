"use client";

import { useRef } from "react";

import { ApiPanel } from "./ApiPanel";

/** Below everything: how to use this from a program, and by keys, and the license. */
export function Footer({ modelId, onShortcuts }: { modelId: string; onShortcuts?: () => void }) {
  const panel = useRef<HTMLDialogElement>(null);
  return (
    <footer className="flex flex-wrap items-center justify-center gap-x-3 pb-2 text-sm text-quiet">
      <button type="button" className="hover:text-ink hover:underline" onClick={() => panel.current?.showModal()}>
        Use via API
      </button>
      <span aria-hidden="true">·</span>
      {onShortcuts !== undefined && (
        <>
          <button type="button" className="hover:text-ink hover:underline" aria-haspopup="dialog" onClick={onShortcuts}>
            Shortcuts
          </button>
          <span aria-hidden="true">·</span>
        </>
      )}
      <a className="hover:text-ink hover:underline" href="https://www.apache.org/licenses/LICENSE-2.0" rel="license">
        Apache-2.0 license
      </a>
      <ApiPanel ref={panel} modelId={modelId} />
    </footer>
  );
}
