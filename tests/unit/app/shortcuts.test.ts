import { describe, expect, it } from "vitest";

import { shortcutOf, SHORTCUTS, type KeyPress } from "../../../app/_chat/shortcuts";

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  ...{ key, code: "", ctrlKey: false, shiftKey: false, altKey: false, metaKey: false },
  ...held,
});
const both = { ctrlKey: true, shiftKey: true };

describe("a shortcut", () => {
  it.each([
    ["/", press("/"), "field"],
    ["/ of a keyboard that has it above 7", press("/", { shiftKey: true }), "field"],
    ["?", press("?", { shiftKey: true }), "list"],
    ["Ctrl+Shift+O", press("O", both), "new"],
    ["Ctrl+Shift+O with the capitals locked", press("o", both), "new"],
    ["Ctrl+Shift+F", press("F", both), "search"],
    ["Ctrl+Shift+L", press("L", both), "copy"],
    ["Ctrl+Shift+O of a Russian keyboard", press("Щ", { ...both, code: "KeyO" }), "new"],
    ["Ctrl+Shift+O of a Dvorak keyboard", press("O", { ...both, code: "KeyS" }), "new"],
  ])("is %s", (_, given, name) => expect(shortcutOf(given, true)).toBe(name));

  it.each([
    ["a letter", press("o")],
    ["Ctrl+O", press("o", { ctrlKey: true })],
    ["Shift+O", press("O", { shiftKey: true })],
    ["Ctrl+/", press("/", { ctrlKey: true })],
    ["Ctrl+Alt+Shift+O", press("O", { ...both, altKey: true })],
    ["Command+Shift+O", press("O", { shiftKey: true, metaKey: true })],
    ["a Dvorak keyboard's R where others have O", press("R", { ...both, code: "KeyO" })],
    ["Enter", press("Enter")],
    ["Escape", press("Escape")],
    ["a dead key", press("Dead", { ...both, code: "Quote" })],
  ])("is not %s", (_, given) => expect(shortcutOf(given, true)).toBeNull());

  it("without Ctrl is none while somebody types, or has switched it off", () => {
    expect(shortcutOf(press("/"), false)).toBeNull();
    expect(shortcutOf(press("?", { shiftKey: true }), false)).toBeNull();
    expect(shortcutOf(press("O", both), false)).toBe("new");
  });

  it("has keys of its own", () => {
    const keys = SHORTCUTS.map((shortcut) => shortcut.keys.join("+"));
    expect(new Set(keys).size).toBe(keys.length);
  });
});
