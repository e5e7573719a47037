import { describe, expect, it } from "vitest";
import { formProblems } from "../../../training/eval/measures/form";

const problemsOf = (text: string, isWhole = true) => formProblems({ text, isWhole });

describe("the form of an answer", () => {
  it.each([
    "The slope is **2** at $x = 1$. Shall we go on?",
    "It costs $5, and then $6 more.",
    "$$\\frac{1}{2} + x^2$$",
    "Use \\(x^2\\) here.",
    "Two things:\n\n- one\n- another",
    "Question: What is $2 + 2$?\nA) 3\nB) 4\nChoose one.",
    "Call `f(x)` and look.",
  ])("is well in %j", (text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it.each([
    ["", "empty"],
    ["  \n", "empty"],
    ["A derivative tells how fast a", "cut off"],
    ["The slope is **steep.", "open delimiter"],
    ["Take $x^2 and square it.", "open delimiter"],
    ["Done.<|im_end|>", "template token"],
    ["So $\\frac{1}{$ it is.", "formula"],
    ["A broken \uFFFD sign.", "broken character"],
  ])("of %j has a problem: %s", (text, problem) => {
    expect(problemsOf(text)).toContain(problem);
  });

  it("is cut off when the model did not end it", () => {
    expect(problemsOf("A whole sentence.", false)).toEqual(["cut off"]);
  });
});
