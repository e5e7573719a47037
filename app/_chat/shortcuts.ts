export type ShortcutName = "field" | "new" | "search" | "copy" | "list";

export interface Shortcut {
  /** Null: who has the focus hears it by himself. */
  name: ShortcutName | null;
  /** The keys that are pressed together. */
  keys: readonly string[];
  words: string;
}

/**
 * Those with Ctrl and Shift are the same on every system. On a Mac nothing uses Control with Shift, screen readers use none
 * of these, and where a browser does (Chrome and Firefox show bookmarks for O, Edge pastes for L), it asks the page first.
 */
export const SHORTCUTS: readonly Shortcut[] = [
  { name: null, keys: ["Enter"], words: "Send the message" },
  { name: null, keys: ["Shift", "Enter"], words: "Begin a new line in the message" },
  { name: null, keys: ["Esc"], words: "Stop the answer; close a window" },
  { name: "field", keys: ["/"], words: "Go to the message" },
  { name: "new", keys: ["Ctrl", "Shift", "O"], words: "Begin a new chat" },
  { name: "search", keys: ["Ctrl", "Shift", "F"], words: "Search the conversations" },
  { name: "copy", keys: ["Ctrl", "Shift", "L"], words: "Copy the last answer" },
  { name: "list", keys: ["?"], words: "Show this list" },
];

/** What of a `KeyboardEvent` is looked at. */
export interface KeyPress {
  key: string;
  code: string;
  ctrlKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}

/**
 * The shortcut that a key press is; null when it is none.
 *
 * @param hasSingleKeys whether those without Ctrl count: not while somebody types, or has switched them off
 */
export function shortcutOf(press: KeyPress, hasSingleKeys: boolean): ShortcutName | null {
  const { ctrlKey, shiftKey, altKey, metaKey } = press;
  if (altKey || metaKey) return null;
  const found = SHORTCUTS.find(({ name, keys }) => {
    if (name === null) return false;
    const key = keys.at(-1)!;
    // Which sign lies where, and whether Shift is needed for it, is the keyboard's matter.
    if (keys.length === 1) return hasSingleKeys && !ctrlKey && press.key === key;
    return ctrlKey && shiftKey && letterOf(press) === key;
  });
  return found?.name ?? null;
}

/** Of a keyboard without Latin letters, the letter that stands there on others. */
function letterOf({ key, code }: KeyPress): string {
  if (/^[a-z]$/i.test(key)) return key.toUpperCase();
  return /^Key([A-Z])$/.exec(code)?.[1] ?? "";
}

const NO_TEXT = new Set(["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit"]);

/** Whether keys pressed here are text, or choose something. */
export function takesKeys(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !NO_TEXT.has(target.type);
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
