import { describe, expect, it } from "vitest";
import { formulaAt } from "@/app/_markdown/formulas";
import { lexAll, type FormulaToken } from "@/app/_markdown/lexer";
import type { Token } from "marked";

/** The sources of the formulas in a text, wherever they stand. */
function formulasIn(text: string, isGrowing = false): string[] {
  const visit = (tokens: readonly Token[]): string[] =>
    tokens.flatMap((token) => {
      if (token.type === "formula") return [(token as unknown as FormulaToken).source];
      const { tokens: inner = [], items = [] } = token as { tokens?: Token[]; items?: Token[] };
      return visit([...inner, ...items]);
    });
  return visit(lexAll(text, {}, isGrowing));
}

describe("what is mathematics", () => {
  it.each([
    ["$5 and $6", []],
    ["It costs $5, or 6$ with tax", []],
    ["$20 for two people, 30$ for three", []],
    ["from $5-$10 to US$5/US$6", []],
    ["$HOME and $PATH, $HOME/$USER", []],
    ["a $ b $ c", []],
    ["\\$x\\$ and `$y$`", []],
    ["$$ $$ and \\( \\)", []],
    ["$x$ and $y_1$", ["x", "y_1"]],
    ["the answer is $3$.", ["3"]],
    ["$2x + 3 = 7$, so $x=2$", ["2x + 3 = 7", "x=2"]],
    ["$\\text{two words here} = 5$", ["\\text{two words here} = 5"]],
    ["$a\\$b$", ["a\\$b"]],
    ["\\(a_1\\) is *less* than \\(b_1\\)", ["a_1", "b_1"]],
    ["so $$x^2$$ is", ["x^2"]],
    ["- in a list \\[x\\]", ["x"]],
    ["*emphasis \\(a*b\\)*", ["a*b"]],
    ["_emphasis $a _b_ c$_", ["a _b_ c"]],
    ["`$` and *b* `$`", []],
    ["Then:\n\\[\na\n+ b\n= c\n\\]\nand on", ["\na\n+ b\n= c\n"]],
    ["$$\na \\\\[2pt]\nb\n$$", ["\na \\\\[2pt]\nb\n"]],
    ["\\[ never closed\n\nnext", []],
  ])("%s", (text, expected) => expect(formulasIn(text)).toEqual(expected));

  it("is what has begun, while more may come; then it is open", () => {
    expect(formulasIn("so \\(x^2 +", true)).toEqual(["x^2 +"]);
    expect(formulaAt("\\(x^2 +", true)).toMatchObject({ isOpen: true });
    expect(formulaAt("\\(x^2\\) +", true)).toMatchObject({ isOpen: false, raw: "\\(x^2\\)" });
    expect(formulasIn("so \\(x^2 +", false)).toEqual([]);
    expect(formulasIn("only $5 so far", true)).toEqual([]);
  });

  it("has an end to its length", () => {
    expect(formulaAt(`\\(${"x".repeat(5000)}\\)`, false)).toBeNull();
    expect(formulaAt(`\\(${"x".repeat(5000)}`, true)).toBeNull();
  });
});
