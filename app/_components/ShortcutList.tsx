"use client";

import { useState } from "react";

import { SHORTCUTS } from "../_chat/shortcuts";
import { hasSingleKeys, keepSingleKeys } from "../_chat/single-keys";
import { Dialog } from "./Dialog";

/** Every key that does something, and a switch for those that do it alone. */
export function ShortcutList({ onClose }: { onClose: () => void }) {
  const [isOn, setOn] = useState(hasSingleKeys);
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl className="mt-3 grid grid-cols-[auto_1fr] items-baseline gap-x-4 gap-y-2 text-sm">
        {SHORTCUTS.map(({ keys, words }) => (
          <div key={words} className="contents">
            <dt className="flex flex-wrap gap-1">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="rounded-control border border-field-line bg-raised px-1.5 font-mono text-xs leading-5"
                >
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <label className="mt-4 flex items-start gap-2 text-sm">
        <input
          type="checkbox"
          className="mt-1"
          checked={isOn}
          onChange={({ target }) => {
            setOn(target.checked);
            keepSingleKeys(target.checked);
          }}
        />
        Use / and ? alone, outside text fields
      </label>
    </Dialog>
  );
}
