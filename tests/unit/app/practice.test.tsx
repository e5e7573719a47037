import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";

import {
  countWords,
  givenIn,
  MOST_WRITTEN_WORDS,
  readPractice,
  replyOf,
  splitAnswer,
} from "../../../app/_components/answer/practice-reply";
import { PracticeQuestion } from "../../../app/_components/answer/PracticeQuestion";
import { isAnswerToPractice, parsePracticeQuestion } from "../../../lib/agent";

const OPTIONS = "A) 2\nB) 9\nC) 11\nD) 15\n";
const CHOICE = `Try this.\n\nQuestion: Which is a square?\n${OPTIONS}Choose one.\n\nGood luck!`;
const ALL = `Question: Which are prime?\n${OPTIONS}Select all that apply.`;
const WRITTEN = "Question: Why is the sky blue?\nWrite your answer.";

const practiceOf = (answer: string) => readPractice(parsePracticeQuestion(answer))!;
const render = (answer: unknown, others: Partial<Parameters<typeof PracticeQuestion>[0]> = {}) =>
  renderToStaticMarkup(<PracticeQuestion question={answer} onAnswer={() => {}} disabled={false} {...others} />);

describe("the message that answers a practice question", () => {
  it.each<[string, string, string[] | string, string]>([
    ["one choice", CHOICE, ["B"], "My answer: B"],
    ["several, in any order", ALL, ["C", "A"], "My answer: A, C"],
    ["all", ALL, ["A", "B", "C", "D"], "My answer: A, B, C, D"],
    ["a text", WRITTEN, "  light is scattered \n by air ", "My answer: light is scattered \n by air"],
    ["a number", WRITTEN, "42", "My answer: 42"],
    ["a text that begins like a request", WRITTEN, "Can be anything", "My answer: Can be anything"],
    [
      "as many words as are taken",
      WRITTEN,
      "word ".repeat(MOST_WRITTEN_WORDS),
      `My answer:${" word".repeat(MOST_WRITTEN_WORDS)}`,
    ],
  ])("is, for %s, one that the agent's rule knows", (_, answer, given, expected) => {
    const reply = replyOf(given);
    expect(reply).toBe(expected);
    expect(isAnswerToPractice(reply, answer)).toBe(true);
    const read = givenIn(reply, practiceOf(answer));
    expect(read).toEqual(typeof given === "string" ? given.trim() : [...given].sort());
  });

  it.each([
    ["What is a prime?", CHOICE],
    ["My answer: F", CHOICE],
    ["My answer: A, B", CHOICE],
    ["My answer: ", ALL],
  ])("is not %s", (reply, answer) => expect(givenIn(reply, practiceOf(answer))).toBeNull());

  it("counts words as the agent does", () => {
    expect(countWords("it's 3-4 words, isn't it?")).toBe(6);
    expect(countWords(" ... ")).toBe(0);
  });
});

describe("a practice question's data", () => {
  it("is what the agent reads from an answer", () => {
    expect(readPractice(parsePracticeQuestion(CHOICE))).toEqual(parsePracticeQuestion(CHOICE));
    expect(readPractice(parsePracticeQuestion(WRITTEN))?.options).toEqual([]);
    expect(splitAnswer(CHOICE, practiceOf(CHOICE))).toEqual({ before: "Try this.", after: "Good luck!" });
  });

  it.each<[string, object | null]>([
    ["nothing", null],
    ["an unknown kind", { kind: "essay" }],
    ["no text", { text: 5 }],
    ["a text of a megabyte", { text: "x".repeat(1e6) }],
    ["a place before the text", { start: -1 }],
    ["a place that ends before it begins", { start: 9, end: 3 }],
    ["a place that is no number", { end: "12" }],
    ["options that are no list", { options: "ABCD" }],
    ["one option", { options: [{ letter: "A", text: "2" }] }],
    [
      "options out of order",
      {
        options: [
          { letter: "B", text: "2" },
          { letter: "A", text: "3" },
        ],
      },
    ],
    [
      "options twice",
      {
        options: [
          { letter: "A", text: "2" },
          { letter: "A", text: "3" },
        ],
      },
    ],
    ["a hundred options", { options: Array.from({ length: 100 }, () => ({ letter: "A", text: "" })) }],
    ["a choice without options", { options: [] }],
    ["options of a text", { kind: "written" }],
  ])("with %s shows nothing", (_, wrong) => {
    const data = wrong === null ? null : { ...parsePracticeQuestion(CHOICE), ...wrong };
    expect(readPractice(data)).toBeNull();
    expect(render(data)).toBe("");
  });
});

describe("a practice question's controls", () => {
  const types = (page: string): string[] => [...page.matchAll(/<input type="(\w+)"/g)].map(([, type]) => type!);

  it("are radio buttons of one name for one choice", () => {
    const page = render(parsePracticeQuestion(CHOICE));
    expect(types(page)).toEqual(["radio", "radio", "radio", "radio"]);
    expect(new Set([...page.matchAll(/ name="([^"]+)"/g)].map(([, name]) => name)).size).toBe(1);
    const [, named = ""] = /<fieldset[^>]* aria-labelledby="([^"]+)"/.exec(page) ?? [];
    expect(page).toMatch(new RegExp(`<div id="${named}"[^>]*>.*Which is a square\\?`));
  });

  it("are check boxes for several, and a text box for a text", () => {
    expect(types(render(parsePracticeQuestion(ALL)))).toEqual(["checkbox", "checkbox", "checkbox", "checkbox"]);
    expect(render(parsePracticeQuestion(WRITTEN))).toContain("<textarea");
  });

  it("send nothing before something is chosen", () => {
    expect(render(parsePracticeQuestion(ALL))).toMatch(/<button type="submit" disabled=""/);
  });

  it("have what was chosen or written before a reload, as far as the question has it", () => {
    const checked = (answer: string, draft: string) => {
      const page = render(parsePracticeQuestion(answer), { draft: { read: () => draft, write: () => {} } });
      return [...page.matchAll(/<input[^>]*>/g)].flatMap(([input]) =>
        input.includes('checked=""') ? [/value="(\w)"/.exec(input)?.[1]] : [],
      );
    };
    expect(checked(ALL, "A,C")).toEqual(["A", "C"]);
    expect(checked(ALL, "A,Z,A,<b>")).toEqual(["A"]);
    expect(checked(CHOICE, "B,C")).toEqual(["B"]);
    const draft = { read: () => "half a thou", write: () => {} };
    expect(render(parsePracticeQuestion(WRITTEN), { draft })).toContain(">half a thou</textarea>");
  });

  it("draw the question and its options as the page can", () => {
    const renderText = (text: string, shape: string) => <i data-shape={shape}>{text}</i>;
    const page = render(parsePracticeQuestion(CHOICE), { renderText });
    expect(page).toContain('<i data-shape="block">Which is a square?</i>');
    expect(page).toContain('<i data-shape="line">11</i>');
  });

  it("show what was answered, and take no more", () => {
    const page = render(parsePracticeQuestion(ALL), { reply: "My answer: A, C" });
    expect(page).toContain('<fieldset disabled=""');
    expect(
      [...page.matchAll(/value="(\w)"[^>]*checked=""|checked=""[^>]*value="(\w)"/g)].map(([, a, b]) => a ?? b),
    ).toEqual(["A", "C"]);
    expect(page).not.toContain("<button");
    expect(render(parsePracticeQuestion(WRITTEN), { reply: "My answer: <b>dust</b>" })).toContain("&lt;b&gt;dust");
  });
});
