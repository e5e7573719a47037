import { describe, expect, it } from "vitest";
import { SentMessages, type SentMessagesLimits } from "../../../lib/runtime/sent-messages";

interface Exchange {
  message: string;
  answer: string;
  sent?: string;
}
const first = { message: "a", answer: "b" };
const second = { message: "c", answer: "d" };

/** One that has seen the first exchange, and the second after it. */
function remembering(limits?: SentMessagesLimits): SentMessages {
  const sent = new SentMessages(limits);
  sent.remember({ message: "a", history: [] }, { text: "b", sent: "notes, a" });
  sent.remember({ message: "c", history: [first] }, { text: "d", sent: "notes, c" });
  return sent;
}
const found = (sent: SentMessages, history: Exchange[], instructions?: string) =>
  sent.fill({ message: "next", history, instructions }).history.map((turn) => turn.sent);

describe("messages as they were shown", () => {
  it("are found again by the conversation up to their answer", () => {
    expect(found(remembering(), [first, second])).toEqual(["notes, a", "notes, c"]);
  });

  it.each([
    ["other instructions", [first, second], "Be brief.", [undefined, undefined]],
    ["another answer", [{ ...first, answer: "B" }, second], undefined, [undefined, undefined]],
    ["another message", [{ ...first, message: "A" }, second], undefined, [undefined, undefined]],
    ["the same exchange after another conversation", [second, first], undefined, [undefined, undefined]],
    ["a turn left out", [second], undefined, [undefined]],
    ["a text moved over the border of message and answer", [{ message: "ab", answer: "" }], undefined, [undefined]],
    ["an end that is new", [first, { message: "c", answer: "D" }], undefined, ["notes, a", undefined]],
  ])("are not found by %s", (_name, history, instructions, expected) => {
    expect(found(remembering(), history, instructions)).toEqual(expected);
  });

  it("give way to what the caller knows, which does not change where the next is found", () => {
    expect(found(remembering(), [{ ...first, sent: "own" }, second])).toEqual(["own", "notes, c"]);
  });

  it("come with the domain they were answered in, which is none's where none was", () => {
    const sent = remembering();
    sent.remember({ message: "c", history: [first] }, { text: "d", sent: "notes, c", domain: "business" });
    const fill = (history: Exchange[]) => sent.fill({ message: "next", history }).history;
    expect(fill([first, second, { message: "e", answer: "f" }])).toEqual([
      { ...first, sent: "notes, a", domain: null },
      { ...second, sent: "notes, c", domain: "business" },
      { message: "e", answer: "f" },
    ]);
  });

  it("of the same exchange are those of the last time", () => {
    const sent = remembering();
    sent.remember({ message: "a", history: [] }, { text: "b", sent: "later" });
    expect(found(sent, [first])).toEqual(["later"]);
  });

  it("beyond the limits go, those used longest ago first", () => {
    const sent = remembering({ entries: 2, bytes: 1e6 });
    expect(found(sent, [first])).toEqual(["notes, a"]);
    sent.remember({ message: "x", history: [] }, { text: "y", sent: "notes, x" });
    expect(found(sent, [first, second])).toEqual(["notes, a", undefined]);
    expect(found(sent, [{ message: "x", answer: "y" }])).toEqual(["notes, x"]);
  });

  it("are counted by their bytes too, those of a text said again once", () => {
    const sent = new SentMessages({ entries: 100, bytes: 5_000 });
    const remember = (message: string) =>
      sent.remember({ message, history: [] }, { text: "", sent: "n".repeat(1_000) });
    for (let times = 0; times < 9; times += 1) remember("a");
    remember("b");
    expect(["a", "b"].map((message) => found(sent, [{ message, answer: "" }])[0]?.length)).toEqual([1_000, 1_000]);
    remember("c");
    expect(["a", "b", "c"].map((message) => found(sent, [{ message, answer: "" }])[0]?.length)).toEqual([
      undefined,
      1_000,
      1_000,
    ]);
    sent.remember({ message: "large", history: [] }, { text: "", sent: "n".repeat(3_000) });
    expect(found(sent, [{ message: "large", answer: "" }])).toEqual([undefined]);
  });
});
