import { describe, expect, it } from "vitest";
import { historyOf, titleOf } from "../../../../lib/runtime/chat/history";
import type { StoredMessage } from "../../../../lib/store";

const message = (role: StoredMessage["role"], text: string, extra: unknown = null): StoredMessage => ({
  id: text,
  parentId: null,
  role,
  text,
  extra,
  createdAt: 0,
});

describe("a branch as the agent takes it", () => {
  it.each<[string, StoredMessage[], ReturnType<typeof historyOf>]>([
    ["nothing", [], []],
    [
      "one turn",
      [message("user", "Q"), message("assistant", "A")],
      [{ message: "Q", answer: "A", sent: undefined, domain: null }],
    ],
    [
      "with what was sent",
      [message("user", "Q"), message("assistant", "A", { sent: "Hint. Q" })],
      [{ message: "Q", answer: "A", sent: "Hint. Q", domain: null }],
    ],
    [
      "with the domain that it was answered in",
      [message("user", "Q"), message("assistant", "A", { domain: "business" })],
      [{ message: "Q", answer: "A", sent: undefined, domain: "business" }],
    ],
    [
      "with what an import has made of it",
      [message("user", "Q"), message("assistant", "A", { sent: { evil: true }, domain: 7 })],
      [{ message: "Q", answer: "A", sent: undefined, domain: null }],
    ],
    [
      "without a question that got no answer",
      [message("user", "Q"), message("assistant", ""), message("user", "R"), message("assistant", "A")],
      [{ message: "R", answer: "A", sent: undefined, domain: null }],
    ],
    [
      "without an answer that nobody asked for",
      [message("assistant", "Welcome"), message("system", "S"), message("user", "R"), message("assistant", "A")],
      [{ message: "R", answer: "A", sent: undefined, domain: null }],
    ],
  ])("%s", (_, path, turns) => expect(historyOf(path)).toEqual(turns));
});

describe("a title", () => {
  it.each([
    ["What is a fraction?", "What is a fraction?"],
    ["\n\n  What   is\ta fraction?\nMore", "What is a fraction?"],
    ["word ".repeat(30), `${"word ".repeat(15).trim()}…`],
    ["x".repeat(100), `${"x".repeat(79)}…`],
    [`${"x".repeat(78)}😀 and more`, `${"x".repeat(78)}…`],
  ])("of %j is %j", (text, title) => expect(titleOf(text)).toBe(title));
});
