import { describe, expect, it } from "vitest";
import { AnswerStream } from "../../../../lib/agent/post-process";
import { KNOWN_TOKENS } from "../../../../lib/agent/post-process/template-tokens";
import { shown } from "./helpers";

describe("template tokens in an answer", () => {
  it.each([
    ["ChatML", "Hello<|im_end|>", "Hello"],
    ["ChatML, the next turn is its own", "A.<|im_end|>\n<|im_start|>assistant\nB.", "A.\n\nB."],
    ["ChatML, the next turn is the user's", "A.<|im_end|>\n<|im_start|>user\nWhat?", "A."],
    ["a word that only begins with a role", "A. <|im_start|>users know", "A. users know"],
    ["a role broken off", "A.<|im_start|>assis", "A."],
    ["Llama 2", "<s>[INST]Hi[/INST] Yes.</s>", "Hi Yes."],
    ["Llama 2, the user's turn", "Yes.</s><s>[INST] And?", "Yes."],
    ["Llama 2, system", "<<SYS>>Be kind<</SYS>> Yes.", "Be kind Yes."],
    ["Llama 3", "<|begin_of_text|><|start_header_id|>assistant<|end_header_id|>\n\nHi.<|eot_id|>", "Hi."],
    ["Gemma", "<start_of_turn>model\nHi.<end_of_turn>\n<start_of_turn>user\nBye", "Hi."],
    ["Phi", "<|assistant|>\nHi.<|end|>\n<|user|>\nBye", "Hi."],
    ["Mistral", "Hi.[TOOL_CALLS]", "Hi."],
    ["DeepSeek", "<｜Assistant｜>Hi.<｜end▁of▁sentence｜>", "Hi."],
    ["the user's turn first of all", "<|im_start|>user\nWhat is 2?", "What is 2?"],
    ["a token made by taking one out", "a <|im_<s>end|>b", "a b"],
    ["two deep", "a <|im_<|im_<s>end|>end|>b", "a b"],
    ["broken off", "Hello <|im_e", "Hello"],
    ["a bracket alone stays", "x [", "x ["],
    ["a comparison stays", "a < b > c, i <", "a < b > c, i <"],
    ["other tags stay", "x<sub>2</sub> and <stop> and <b>", "x<sub>2</sub> and <stop> and <b>"],
    ["tags that are tokens go", "<s>old</s> new", "old new"],
  ])("%s", (_name, text, expected) => {
    expect(shown([text])).toBe(expected);
    expect(shown(text)).toBe(expected);
  });

  it.each(KNOWN_TOKENS)("%s stays in code and goes elsewhere", (token) => {
    expect(shown(`Write \`${token}\` here.`)).toBe(`Write \`${token}\` here.`);
    expect(shown(`Write:\n\n\`\`\`\n${token}\n\`\`\``)).toBe(`Write:\n\n\`\`\`\n${token}\n\`\`\``);
    expect(shown(`Write it. ${token}`)).toBe("Write it.");
  });

  it.each([
    ["a backtick that no other follows", "The ` key.<|im_end|>\n\nNext.", "The ` key.\n\nNext."],
    ["a span over two lines", "See `a <s>\nb` c", "See `a <s>\nb` c"],
    ["a list item ends the paragraph of a span", "See ` a <s>\n- b ` c", "See ` a \n- b ` c`"],
    ["a span of two backticks", "See `` ` <s> `` c", "See `` ` <s> `` c"],
    ["fences of tildes", "~~~\n<s>\n~~~\n<s>x", "~~~\n<s>\n~~~\nx"],
    ["the line of a fence's language", "```c <s>\nx\n```", "```c <s>\nx\n```"],
    ["a fence in a list", "- a\n  ```\n  <s>\n  ```\n- b<s>", "- a\n  ```\n  <s>\n  ```\n- b"],
    ["a longer fence holds a shorter one", "````\n```\n<s>\n````\n<s>", "````\n```\n<s>\n````"],
    ["a fence that never ends", "```\na <s>", "```\na <s>\n```"],
    ["a span that never ends", "The ` key <s>is", "The ` key is`"],
  ])("code: %s", (_name, text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it.each([
    ["a thought", "<think>hm</think>\n\nYes.", "Yes."],
    ["a thought in between", "Yes. <think>hm <b> </thin</think>No.", "Yes. No."],
    ["a thought without an end", "Yes. <think>hm", "Yes."],
    ["the end of a thought alone", "hm</think>Yes.", "hmYes."],
    ["a thought in code", "Write `<think>` and `</think>`.", "Write `<think>` and `</think>`."],
  ])("%s", (_name, text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it.each([
    ["User:", "Yes.\nUser: And?", "Yes."],
    ["Student: after blank lines", "Yes.\n\n\nStudent: And?", "Yes."],
    ["bold", "Yes.\n**User:** And?", "Yes."],
    ["Alpaca", "Yes.\n\n### Instruction:\nMore", "Yes."],
    ["after a token", "Yes.\n<|im_end|>User: And?", "Yes."],
    ["after a fence", "```\nx\n```\nUser: And?", "```\nx\n```"],
    ["as the first word it stays", "User: a person.", "User: a person."],
    ["within a line it stays", "The User: a person.", "The User: a person."],
    ["another word stays", "Yes.\nUsers: many", "Yes.\nUsers: many"],
    ["in a fence it stays", "```\na\nUser: b\n```", "```\na\nUser: b\n```"],
  ])("label: %s", (_name, text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it("shows every character as soon as it can only be text", () => {
    const stream = new AnswerStream();
    expect(stream.push("Hello")).toBe("Hello");
    expect(stream.push(" <")).toBe("");
    expect(stream.push("b> x")).toBe(" <b> x");
    expect(stream.push(" **")).toBe("");
    expect(stream.push("y")).toBe(" **y");
    expect(stream.push(" `<s>")).toBe("");
    expect(stream.push(" z")).toBe("");
    expect(stream.push("`.")).toBe(" `<s> z`.");
    expect(stream.end("stop")).toBe("**");
    expect(stream.text).toBe("Hello <b> x **y `<s> z`.**");
    expect(stream.push("more") + stream.end("stop")).toBe("");
  });
});

describe("characters of an answer", () => {
  it.each([
    ["line breaks", "a\r\nb\rc\n", "a\nb\nc"],
    ["controls", "a\u0000b\u001bc\u0085d\te", "abcd\te"],
    ["zero-width", "a\u200bb\ufeffc\u2060d\u200de\u202ef", "abcdef"],
    ["joiners that are spelled", "\u0645\u06cc\u200c\u062e 👩\u200d🏫", "\u0645\u06cc\u200c\u062e 👩\u200d🏫"],
    ["halves", "a\ud83db\udc00c 😀 \ud83d", "abc 😀"],
    ["blanks around", " \n\t\n a b \n ", "a b"],
    ["only blanks", " \n ", ""],
  ])("%s", (_name, text, expected) => {
    expect(shown([text])).toBe(expected);
    expect(shown(text.split(""))).toBe(expected);
  });
});
