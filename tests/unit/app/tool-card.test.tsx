import type { DynamicToolUIPart } from "ai";
import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { afterAll, describe, expect, it } from "vitest";

import { CalculationCard } from "../../../app/_components/answer/CalculationCard";
import { ToolCard } from "../../../app/_components/answer/ToolCard";
import { createCalculator } from "../../../lib/agent";

const calculator = createCalculator();
afterAll(() => calculator.close());

const part = (state: object): DynamicToolUIPart =>
  ({
    type: "dynamic-tool",
    toolName: "calculator",
    toolCallId: "c",
    input: { expression: "3/4 + 1/8" },
    ...state,
  }) as DynamicToolUIPart;
const card = (given: DynamicToolUIPart, isLive = false) =>
  renderToStaticMarkup(<ToolCard part={given} isLive={isLive} />);

describe("a tool's card", () => {
  it("shows what the calculator answers", async () => {
    const output = await calculator.run(calculator.parse({ expression: "3/4 + 1/8" }), {});
    const page = card(part({ state: "output-available", output }));
    expect(page).toContain("<strong");
    expect(page).toContain("7/8</strong>");
    expect(page).toContain("about 0.875");
  });

  it("shows an equation's steps, folded", async () => {
    const { text, display } = await calculator.run(calculator.parse({ expression: "2x + 3 = 7" }), {});
    const page = renderToStaticMarkup(<CalculationCard display={display} text={text} />);
    expect(page).toContain("x = 2</strong>");
    if (display?.kind === "calculation" && display.steps.length > 0) expect(page).toContain("How it was found");
  });

  it("draws LaTeX where the page can, and the text where it cannot", () => {
    const display = {
      kind: "calculation",
      expression: "1/2",
      result: "0.5",
      exact: null,
      approximate: null,
      steps: [],
      latex: "\\frac12",
    };
    const renderMath = (latex: string, plain: ReactNode) => (
      <i title={latex}>
        <b>{plain}</b>
      </i>
    );
    const page = renderToStaticMarkup(<CalculationCard display={display} text="" renderMath={renderMath} />);
    expect(page).toMatch(/<i title="\\frac12"><b>.*0\.5<\/strong>/);
    expect(renderToStaticMarkup(<CalculationCard display={display} text="" />)).toContain("1/2");
  });

  it.each<[string, object, boolean, string]>([
    ["running", { state: "input-available" }, true, "Calculating"],
    ["not ended", { state: "input-available" }, false, "The calculator did not finish"],
    [
      "failed",
      { state: "output-error", errorText: "it divides by zero" },
      false,
      "The calculator failed: it divides by zero",
    ],
    [
      "of an unknown tool",
      { state: "output-error", errorText: "no", toolName: "constructor" },
      false,
      "The tool constructor failed: no",
    ],
    ["an answer without text", { state: "output-available", output: { display: null } }, false, "cannot be shown"],
    ["an answer of null", { state: "output-available", output: null }, false, "cannot be shown"],
    [
      "an answer without display",
      { state: "output-available", output: { text: "<u>7/8</u>", display: null } },
      false,
      "&lt;u&gt;7/8",
    ],
    [
      "a broken calculation",
      { state: "output-available", output: { text: "7/8", display: { kind: "calculation", steps: 5 } } },
      false,
      "7/8",
    ],
    [
      "a broken chart",
      { state: "output-available", output: { text: "", display: { kind: "chart" } } },
      false,
      "The chart cannot be shown",
    ],
  ])("says it is %s", (_, state, isLive, words) => expect(card(part(state), isLive)).toContain(words));
});
