"use client";

import { useState } from "react";

import { countChanged } from "../../_chat/settings";
import type { UsedSettings } from "../../_chat/use-settings";
import { SettingsPanel } from "./SettingsPanel";

/** Opens the settings, and shows how many are changed. */
export function SettingsButton(used: UsedSettings) {
  const [isOpen, setOpen] = useState(false);
  const changed = countChanged(used.settings);
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        aria-label={changed === 0 ? undefined : `Settings, ${changed} changed`}
        className="button-quiet inline-flex h-8 items-center gap-1.5"
        onClick={() => setOpen(true)}
      >
        Settings
        {changed > 0 && (
          <span
            aria-hidden="true"
            className="grid h-4 min-w-4 place-items-center rounded-full bg-accent-fill px-1 text-xs leading-none text-white"
          >
            {changed}
          </span>
        )}
      </button>
      {isOpen && <SettingsPanel used={used} onClose={() => setOpen(false)} />}
    </>
  );
}
