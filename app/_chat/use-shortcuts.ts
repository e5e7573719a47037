"use client";

import { useEffect, useRef } from "react";

import { shortcutOf, takesKeys, type ShortcutName } from "./shortcuts";
import { hasSingleKeys } from "./single-keys";

/** Does what a shortcut names, wherever on the page the focus is; nothing while a window is open over it. */
export function useShortcuts(actions: Record<ShortcutName, () => void>): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  }, [actions]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || event.repeat) return;
      const name = shortcutOf(event, !takesKeys(event.target) && hasSingleKeys());
      if (name === null || document.querySelector("dialog[open]") !== null) return;
      event.preventDefault();
      latest.current[name]();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
