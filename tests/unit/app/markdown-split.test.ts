import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanText } from "@/app/_markdown/clean-text";
import { MAX_BLOCKS } from "@/app/_markdown/limits";
import { BlockSplitter } from "@/app/_markdown/split-blocks";

const sourcesOf = (text: string) => new BlockSplitter().split(text).blocks.map(({ source }) => source);
const kindsOf = (text: string) => new BlockSplitter().split(text).blocks.map(({ kind }) => kind);

/** Lines that begin, go on with and end blocks. */
const line = fc.constantFrom(
  "",
  "",
  "some words",
  "- item",
  "  more of it",
  "1. one",
  "2. two",
  "> quoted",
  "```js",
  "```",
  "| a | b |",
  "|---|---|",
  "# title",
  "---",
  "\\[",
  "\\]",
  "$$",
  "+ b",
  "[a]: https://a.test",
  "    code",
  "<div>",
);

describe("dividing an answer into blocks", () => {
  it("loses no character, however it is written", () => {
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const text = lines.join("\n");
        expect(sourcesOf(text).join("")).toBe(text);
      }),
    );
  });

  it("ends the same whether the answer came at once or in pieces", () => {
    fc.assert(
      fc.property(fc.array(line), fc.integer({ min: 1, max: 7 }), (lines, step) => {
        const text = lines.join("\n");
        const splitter = new BlockSplitter();
        for (let end = 0; end < text.length; end += step) splitter.split(text.slice(0, end));
        expect(splitter.split(text).blocks.map(({ source }) => source)).toEqual(sourcesOf(text));
      }),
    );
  });

  it("leaves all but the last blocks as they are while text is added", () => {
    const splitter = new BlockSplitter();
    const text = "A paragraph.\n\n- a\n- b\n\n```js\ncode\n```\n\nAnother.\n\nThe last";
    const before = splitter.split(text).blocks;
    const after = splitter.split(`${text} one grows.`).blocks;
    expect(before.length).toBe(5);
    for (let index = 0; index < 3; index += 1) expect(after[index]).toBe(before[index]);
    expect(after[4]?.source).toBe("The last one grows.");
  });

  it("leaves the first items of a long list as they are while items are added", () => {
    const splitter = new BlockSplitter();
    const list = (items: number) =>
      Array.from({ length: items }, (_, index) => `- item ${index} ${"words ".repeat(15)}`);
    const before = splitter.split(list(75).join("\n")).blocks;
    expect(before.length).toBeGreaterThan(3);
    expect(splitter.split(list(76).join("\n")).blocks[0]).toBe(before[0]);
  });

  it("begins anew with another text", () => {
    const splitter = new BlockSplitter();
    splitter.split("One\n\ntwo\n\nthree\n\nfour");
    expect(splitter.split("Other").blocks.map(({ source }) => source)).toEqual(["Other"]);
  });

  it("goes on counting where a long list is divided, also when every item is written as 1.", () => {
    const splitter = new BlockSplitter();
    const items = Array.from({ length: 100 }, (_, index) => `1. item ${index} ${"words ".repeat(15)}`);
    for (let count = 1; count <= items.length; count += 1) splitter.split(items.slice(0, count).join("\n"));
    const { blocks } = splitter.split(items.join("\n"));
    expect(blocks.length).toBeGreaterThan(3);
    let number = 1;
    for (const { source, firstNumber } of blocks) {
      expect(firstNumber).toBe(number);
      number += source.match(/^1\./gm)?.length ?? 0;
    }
    expect(number).toBe(101);
    expect(new BlockSplitter().split(items.join("\n")).blocks).toEqual(blocks);
  });

  it.each([
    ["a line of a megabyte", "a ".repeat(500_000), ["markdown", "plain"]],
    ["a table of 10,000 rows", `| a | b |\n|---|---|\n${"| 1 | 2 |\n".repeat(10_000)}`, ["markdown", "plain"]],
    ["a fence that is never closed", `\`\`\`js\n${"const a = 1;\n".repeat(20_000)}`, ["markdown", "plain"]],
    ["10,000 marks of a quote", `${">".repeat(10_000)} x`, ["markdown"]],
    ["a block after one that is too long", `${"a ".repeat(20_000)}\n\n**b**`, ["markdown", "plain", "markdown"]],
  ])("shows as it is what is beyond a block's limit: %s", (_, text, kinds) => {
    expect(kindsOf(text)).toEqual(kinds);
    expect(sourcesOf(text).join("")).toBe(text);
  });

  it("ends a block that is too long at the same place when it comes in pieces", () => {
    const text = `${"a ".repeat(20_000)}\n\n**b**\n\n${"c ".repeat(20_000)}\n\nd`;
    const splitter = new BlockSplitter();
    for (let end = 0; end < text.length; end += 997) splitter.split(text.slice(0, end));
    expect(splitter.split(text).blocks).toEqual(new BlockSplitter().split(text).blocks);
  });

  it("knows the first definition of a name, all of it also when it comes in pieces", () => {
    const text =
      "[a]: https://a.test/long\n\n[b]: https://b.test/\n\n[a]: https://other.test/\n\nOne\n\ntwo\n\n[__proto__]: https://c.test/";
    const splitter = new BlockSplitter();
    for (let end = 1; end < text.length; end += 1) splitter.split(text.slice(0, end));
    const { links } = splitter.split(text);
    const addresses = Object.entries(links).map(([name, { href }]) => `${name} ${href}`);
    expect(addresses).toEqual(["a https://a.test/long", "b https://b.test/", "__proto__ https://c.test/"]);
    expect(splitter.split(`${text}\n\nthree`).links).toBe(links);
  });

  it("has an end to the number of blocks", () => {
    const blocks = kindsOf("a\n\n".repeat(MAX_BLOCKS * 2));
    expect(blocks.length).toBe(MAX_BLOCKS + 1);
    expect(blocks.at(-1)).toBe("plain");
  });
});

describe("characters that are not seen", () => {
  it.each([
    ["null", "a\0b", "a\ufffdb"],
    ["terminal colours", "\u001b[31mred", "\ufffd[31mred"],
    ["direction turned around", "a\u202eb\u2066c", "a\ufffdb\ufffdc"],
    ["line ends of Windows and of old Macs", "a\r\nb\rc", "a\nb\nc"],
    ["tab and emoji joined by a joiner", "a\tb 👩‍👧", "a\tb 👩‍👧"],
    ["right-to-left words", "שלום", "שלום"],
  ])("%s", (_, text, expected) => expect(cleanText(text)).toBe(expected));
});
