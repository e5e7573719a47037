import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";

import { EvaluationsView } from "../../../app/_components/analytics/Evaluations";
import { exampleEvaluation } from "../eval/example";

const drawn = (...ids: string[]): string =>
  renderToStaticMarkup(<EvaluationsView evaluations={ids.map((id) => exampleEvaluation({ id }))} />);

describe("the card of evaluations", () => {
  it("shows each share with its count, its interval, and its goal reached or missed", () => {
    const html = drawn("2026-01-01");
    expect(html).toContain('data-rate="decisions"');
    expect(html).toContain("70.0 %");
    expect(html).toContain("7 of 10");
    expect(html).toContain("95.0 % missed");
    expect(html).toContain("90.0 % reached");
    expect(html).toContain("39.7 % to 89.2 %");
  });

  it("says what the measure is worth, and what went without an answer", () => {
    expect(drawn("2026-01-01")).toContain("that every sentence is true, this cannot tell");
    expect(drawn("2026-01-01")).toContain("Without an answer: 1.");
    expect(drawn("2026-01-01")).toContain("response: speaker (8.0 million parameters)");
  });

  it("tells what was taken for what", () => {
    expect(drawn("2026-01-01")).toContain("yes taken for no: 3");
    expect(drawn("2026-01-01")).not.toContain("no taken for no");
  });

  it("offers earlier ones to choose from, and says how to get one where there is none", () => {
    expect(drawn("2026-01-02", "2026-01-01").match(/<option/g)).toHaveLength(2);
    expect(drawn("2026-01-01")).not.toContain("<select");
    expect(drawn()).toContain("npm run eval");
  });
});
