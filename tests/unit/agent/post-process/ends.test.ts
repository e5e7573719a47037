import { describe, expect, it } from "vitest";
import { AnswerStream } from "../../../../lib/agent/post-process";
import { shown } from "./helpers";

describe("an answer that the length limit ends", () => {
  it.each([
    ["a half sentence", "One. Two three", "One."],
    ["abbreviations and decimals", "Use e.g. Dr. Smith's 3.14 here. It has 2.", "Use e.g. Dr. Smith's 3.14 here."],
    ["an ellipsis goes on", "One. Two... three", "One."],
    ["an ellipsis ends", "Well... Two three", "Well..."],
    ["two stops", "What?! Two", "What?!"],
    ["quotes and brackets", 'He said "Stop." Then (he went.) And', 'He said "Stop." Then (he went.)'],
    ["an initial", "It was J. S. Bach. He wrote", "It was J. S. Bach."],
    ["Chinese", "你好。今天天气", "你好。"],
    ["Japanese with a quote", "「はい。」と", "「はい。」"],
    ["list items without stops", "- apples\n- pears\n- pe", "- apples\n- pears"],
    ["a number of a list", "1. One apple.\n2. Two", "1. One apple."],
    ["only the number", "1. One apple.\n2.", "1. One apple."],
    ["a heading is no sentence", "Done.\n\n## Next\n\nHere we", "Done."],
    ["a bold line is a heading", "Done.\n\n**Next**\n\nHere we", "Done."],
    ["a paragraph without a stop", "Answer: 42\n\nSo we", "Answer: 42"],
    ["a paragraph that leads on", "Done.\n\nLook here:\n\nSo we", "Done."],
    ["rows of a table", "|a|b|\n|-|-|\n|1|2|\n|3", "|a|b|\n|-|-|\n|1|2|"],
    ["a table's head", "Done.\n\n|a|b|\n|-|-|\n|3", "Done."],
    ["inside a fence", "Done.\n\n```\na. B\nc. D", "Done."],
    ["after a fence", "Look:\n\n```\na\n```\n\nAnd th", "Look:\n\n```\na\n```"],
    ["inside a formula", "Done. So \\(a. B\\) and $c. D", "Done."],
    ["inside a display formula", "Done.\n\n$$\na. B\n\nc. D", "Done."],
    ["inside a formula with a formula", "Done. So $$a. B \\begin{c} d \\end{c}$$ and", "Done."],
    ["a link with code in it", "Done. So [a. B `c` d](e) and", "Done."],
    ["inside a link", "Done. See [a. B](http://x.y", "Done."],
    ["inside the text of a link", "Done. See [a. B", "Done."],
    ["inside code", "Done. See `a. B` and `c. D", "Done."],
    ["a sentence in bold", "**Note. This is", "**Note.**"],
    ["no whole sentence", "This is what th", "This is what th"],
  ])("%s", (_name, text, expected) => {
    expect(shown([text], "length", 0)).toBe(expected);
    expect(shown(text, "length", 0)).toBe(expected);
  });

  it("takes nothing back of a sentence that began before the last tokens", () => {
    const stream = new AnswerStream();
    expect(stream.push("One. Two three", 100)).toBe("One. Two three");
    expect(stream.push(" four", 10)).toBe("");
    expect(stream.end("length")).toBe(" four");
  });

  it("shows the lines of an open fence whole near the limit, and closes it", () => {
    const stream = new AnswerStream();
    expect(stream.push("Look:\n\n```js\na();", 100)).toBe("Look:\n\n```js\na();");
    expect(stream.push("\nb();\nc(", 10)).toBe("\nb();");
    expect(stream.push("1", 1)).toBe("");
    expect(stream.end("length")).toBe("\n```");
  });

  it("shows everything that was written when it stops by itself or is aborted", () => {
    expect(shown("One. Two three", "stop", 0)).toBe("One. Two three");
    expect(shown("One. Two three", "aborted", 0)).toBe("One. Two three");
  });
});

describe("what an answer leaves open", () => {
  it.each([
    "Tom plays the ___.",
    "Fill in: ___, ___ and ___!\nWrite your answer.",
    "It is __ (a number) __.\nChoose one.",
  ])("nothing, where there is a blank to fill in: %s", (text) => expect(shown(text, "stop")).toBe(text));

  it.each([
    ["a fence", "```js\na()", "```js\na()\n```"],
    ["a longer fence of tildes", "~~~~\na\n~~~", "~~~~\na\n~~~~"],
    ["a fence half closed", "```\na\n``", "```\na\n```"],
    ["a fence in a list", "1. a\n   ```js\n   b", "1. a\n   ```js\n   b\n   ```"],
    ["a fence behind a list's marker", "- ```js\n  b", "- ```js\n  b\n  ```"],
    ["a fence in a quote", "> ```\n> b", "> ```\n> b\n> ```"],
    ["a fence with nothing in it", "Look.\n\n```", "Look."],
    ["inline code", "Use `a", "Use `a`"],
    ["inline code of two, half closed", "Use `` a `", "Use `` a``"],
    ["a dangling backtick", "Use `", "Use"],
    ["display dollars", "$$\nx", "$$\nx\n$$"],
    ["display dollars half closed", "$$ x $", "$$ x$$"],
    ["a formula", "It is $x^2", "It is $x^2$"],
    ["a formula that begins with a digit", "It is $3x + 1", "It is $3x + 1$"],
    ["money", "It is $5 and $6", "It is $5 and $6"],
    ["money alone", "It costs $1,000.", "It costs $1,000."],
    ["a variable of a shell", "See $HOME and", "See $HOME and"],
    ["round", "So \\(x + 1", "So \\(x + 1\\)"],
    ["square", "So\n\\[\nx", "So\n\\[\nx\n\\]"],
    ["an environment in a formula", "\\[\\begin{aligned} x", "\\[\\begin{aligned} x\\end{aligned}\\]"],
    ["an environment half written", "So \\begin{ali", "So"],
    ["a group", "$\\frac{1}{2", "$\\frac{1}{2}$"],
    ["a backslash in a formula", "\\(x \\", "\\(x\\)"],
    ["bold", "This is **bold", "This is **bold**"],
    ["bold half closed", "This is **bold*", "This is **bold**"],
    ["bold and italic", "***both", "***both***"],
    ["bold in a list", "- **a", "- **a**"],
    ["bold of an earlier paragraph was none", "**a\n\nb", "**a\n\nb"],
    ["a product", "It is 2*3", "It is 2*3"],
    ["snake case", "the name_of", "the name_of"],
    ["everything closed", "**a** `b` $c$ \\(d\\) $$e$$", "**a** `b` $c$ \\(d\\) $$e$$"],
  ])("%s", (_name, text, expected) => {
    expect(shown(text, "aborted")).toBe(expected);
    expect(shown([text], "aborted")).toBe(expected);
  });

  it("leaves a lone asterisk of an answer that is complete", () => {
    expect(shown("Pass *args here.", "stop")).toBe("Pass *args here.");
    expect(shown("Pass *args here.", "length")).toBe("Pass *args here.*");
  });
});
