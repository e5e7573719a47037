import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TextStream, type Piece } from "../../../lib/engine/child/text-stream";

const tags = { open: "<think>", close: "</think>" };
const plain = { tags: null, startsInThought: false, stops: [], trimEnd: false };

function read(stream: TextStream, fragments: string[]): { text: string; thought: string } {
  const pieces: Piece[] = [...fragments.flatMap((fragment) => stream.push(fragment)), ...stream.finish()];
  const of = (kind: Piece["kind"]): string => pieces.map((piece) => (piece.kind === kind ? piece.text : "")).join("");
  return { text: of("text"), thought: of("thought") };
}

/** Every way to cut a text in pieces has the same meaning. */
function cuts(text: string): fc.Arbitrary<string[]> {
  return fc.array(fc.nat(text.length), { maxLength: 6 }).map((positions) => {
    const sorted = [...positions].sort((a, b) => a - b);
    return [...sorted, text.length].map((end, index) => text.slice(index === 0 ? 0 : sorted[index - 1], end));
  });
}

describe("TextStream", () => {
  it.each([
    ["a thought, then an answer", "<think>\nfirst\n</think>\n\nSo: 2", { thought: "first\n", text: "So: 2" }],
    ["an answer without a thought", "Just 2 < 3.", { thought: "", text: "Just 2 < 3." }],
    ["an answer that writes about tags", "Use <think> here</think>", { thought: "", text: "Use <think> here</think>" }],
    ["a thought that never ends", "<think>and on", { thought: "and on", text: "" }],
  ])("%s, however it is cut", (_, whole, expected) => {
    fc.assert(
      fc.property(cuts(whole), (fragments) => {
        expect(read(new TextStream({ ...plain, tags }), fragments)).toEqual(expected);
      }),
    );
  });

  it("a thought opened by the template needs only its end", () => {
    fc.assert(
      fc.property(cuts("deep</think>shallow"), (fragments) => {
        const stream = new TextStream({ ...plain, tags, startsInThought: true });
        expect(read(stream, fragments)).toEqual({ thought: "deep", text: "shallow" });
      }),
    );
  });

  it("stops before the earliest stop text, however it is cut", () => {
    fc.assert(
      fc.property(cuts("one two three END four"), (fragments) => {
        const stream = new TextStream({ ...plain, stops: ["END", "three"] });
        expect(read(stream, fragments).text).toBe("one two ");
        expect(stream.stopped).toBe(true);
      }),
    );
  });

  it("looks for stop texts in the answer only", () => {
    const stream = new TextStream({ ...plain, tags, stops: ["END"] });
    expect(read(stream, ["<think>END</think>", "yes END no"])).toEqual({ thought: "END", text: "yes " });
  });

  it("holds back nothing that is already certain", () => {
    const stream = new TextStream({ ...plain, stops: ["###"] });
    expect(stream.push("certain #")).toEqual([{ kind: "text", text: "certain " }]);
    expect(stream.push("x")).toEqual([{ kind: "text", text: "#x" }]);
  });

  it("gives what was held back when the answer ends", () => {
    const stream = new TextStream({ ...plain, stops: ["###"] });
    expect(read(stream, ["almost ##"]).text).toBe("almost ##");
  });

  it("drops control tokens that are no tags, and takes those that are", () => {
    const stream = new TextStream({ ...plain, tags });
    const pieces = [
      ...stream.pushControl("<think>"),
      ...stream.push("in"),
      ...stream.pushControl("<|pad|>"),
      ...stream.pushControl("</think>"),
      ...stream.push("\n\nout"),
      ...stream.finish(),
    ];
    expect(pieces).toEqual([
      { kind: "thought", text: "in" },
      { kind: "text", text: "out" },
    ]);
  });

  it("any text without tags comes through whole", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (fragments) => {
        const whole = fragments.join("");
        expect(read(new TextStream({ ...plain, stops: ["\u0000never"] }), fragments).text).toBe(whole.trimStart());
      }),
    );
  });
});

describe("stop texts of white space", () => {
  it("do not mean the line breaks behind a thought", () => {
    fc.assert(
      fc.property(cuts("<think>x</think>\n\nfirst\nsecond"), (fragments) => {
        const stream = new TextStream({ ...plain, tags, stops: ["\n"] });
        expect(read(stream, fragments)).toEqual({ thought: "x", text: "first" });
      }),
    );
    const stream = new TextStream({ ...plain, tags, stops: ["\n"] });
    const pieces = [...stream.pushControl("<think>"), ...stream.push("x"), ...stream.pushControl("</think>")];
    pieces.push(...stream.push("\n\n"), ...stream.push("first\nsecond"));
    expect(pieces.map((piece) => piece.text)).toEqual(["x", "first"]);
  });
});
