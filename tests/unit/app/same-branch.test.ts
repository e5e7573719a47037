import { expect, it } from "vitest";
import { detailsById, isSameBranch, withShown } from "../../../app/_chat/same-branch";
import type { MessageDetails, TurnMessage } from "../../../lib/wire";

const message = (id: string, ...texts: string[]): TurnMessage => ({
  id,
  role: "assistant",
  parts: texts.map((text) => ({ type: "text", text })),
});

it.each<[string, TurnMessage[], TurnMessage[], boolean]>([
  ["nothing and nothing", [], [], true],
  ["the same", [message("a", "x"), message("b", "y")], [message("a", "x"), message("b", "y")], true],
  ["a message more", [message("a", "x")], [message("a", "x"), message("b", "y")], false],
  ["another branch", [message("a", "x"), message("b", "y")], [message("a", "x"), message("c", "y")], false],
  ["an answer that was broken off", [message("a", "x")], [message("a", "xy")], false],
  ["an answer without its end", [message("a", "x")], [message("a", "x", "")], false],
  ["an earlier message that was read otherwise", [message("a", "x"), message("b")], [message("a"), message("b")], true],
])("%s", (_, shown, kept, isSame) => {
  expect(isSameBranch(shown, kept)).toBe(isSame);
});

it("of another branch, the messages that both have stay the page's own objects", () => {
  const shown = [message("a", "x"), message("b", "y"), message("c", "broken")];
  const kept = [message("a", "x"), message("c", "broken off"), message("d", "z")];
  const merged = withShown(shown, kept);
  expect(merged).toEqual(kept);
  expect(merged.map((each, index) => each === kept[index])).toEqual([false, true, true]);
  expect(merged[0]).toBe(shown[0]);
});

it("of what stands beside the messages, only what has changed is another object", () => {
  const details = (id: string, ...siblings: string[]): MessageDetails => ({
    id,
    siblings,
    created_at: 1,
    feedback: null,
  });
  const [one, two] = [details("a", "a"), details("b", "b")];
  const known = new Map([one, two].map((each) => [each.id, each]));
  const told = [details("a", "a"), details("b", "b", "c"), details("d", "d")];
  const merged = detailsById(known, told);
  expect([...merged.values()]).toEqual(told);
  expect(merged.get("a")).toBe(one);
});
