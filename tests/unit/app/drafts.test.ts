import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import {
  draftAt,
  markRemoved,
  messageDraft,
  settleAllRemoved,
  settleRemoved,
  unmarkRemoved,
} from "../../../app/_chat/drafts";

/** As a browser's: keys are own properties of it. */
class Storage {
  getItem(key: string): string | null {
    return (this as unknown as Record<string, string>)[key] ?? null;
  }
  setItem(key: string, text: string): void {
    Object.assign(this, { [key]: text });
  }
  removeItem(key: string): void {
    Reflect.deleteProperty(this, key);
  }
}

let storage: Storage;
beforeEach(() => vi.stubGlobal("localStorage", (storage = new Storage())));
afterEach(() => void vi.unstubAllGlobals());

describe("what was typed and not sent", () => {
  it("is kept apart by conversation, message and place", () => {
    messageDraft("one").write("a message");
    draftAt("one", "m1", "edit").write("another wording");
    draftAt("one", "m1", "comment").write("a comment");
    expect(messageDraft("one").read()).toBe("a message");
    expect(draftAt("one", "m1", "edit").read()).toBe("another wording");
    expect(draftAt("one", "m1", "practice").read()).toBe("");
    draftAt("one", "m1", "edit").write("");
    expect(draftAt("one", "m1", "edit").read()).toBe("");
    expect(Object.keys(storage)).toHaveLength(2);
  });

  it("goes with its conversation, and with no other", () => {
    messageDraft("one").write("x");
    draftAt("one", "m1", "edit").write("x");
    messageDraft("one-more").write("stays");
    settleRemoved("one");
    expect(Object.keys(storage)).toEqual(["memwell.draft.one-more"]);
  });

  it("stays as long as the conversation can be had back, over a reload too", () => {
    for (const id of ["old", "new", "undone"]) draftAt(id, "m1", "practice").write(id);
    markRemoved("old", 1_000);
    markRemoved("new", 9_000);
    markRemoved("undone", 1_000);
    unmarkRemoved("undone");
    settleAllRemoved(5_000, 10_000);
    expect(["old", "new", "undone"].map((id) => draftAt(id, "m1", "practice").read())).toEqual(["", "new", "undone"]);
    settleAllRemoved(5_000, 20_000);
    expect(draftAt("new", "m1", "practice").read()).toBe("");
    expect(Object.keys(storage)).toEqual(["memwell.draft.undone.practice.m1"]);
  });
});

describe("a browser that keeps nothing", () => {
  const refuse = () => {
    throw new Error("denied");
  };
  it.each([
    ["is full", () => Object.assign(new Storage(), { setItem: refuse })],
    ["denies all of it", () => new Proxy({}, { get: refuse, ownKeys: refuse })],
    ["has no such thing", () => undefined],
  ])("that %s costs the draft, and nothing else", (_, made) => {
    vi.stubGlobal("localStorage", made());
    messageDraft("one").write("x");
    expect(messageDraft("one").read()).toBe("");
    markRemoved("one");
    settleRemoved("one");
    settleAllRemoved(0);
  });
});
