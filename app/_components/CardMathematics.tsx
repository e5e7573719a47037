import type { ReactNode } from "react";

import { MAX_FORMULA_CHARACTERS } from "../_markdown/limits";
import { MarkdownFormula } from "./MarkdownFormula";

interface CardMathematicsProps {
  /** Without delimiters; it may come from an imported conversation. */
  latex: string;
  /** What stands in its place where it cannot be drawn, or not yet. */
  plain: ReactNode;
}

/** A formula in a line of a tool's card, as high as one on a line of its own. */
export function CardMathematics({ latex, plain }: CardMathematicsProps) {
  if (latex.length > MAX_FORMULA_CHARACTERS) return plain;
  const formula = { raw: latex, source: `\\displaystyle ${latex}`, isDisplay: false, isOpen: false };
  return (
    <span className="markdown inline-block max-w-full">
      <MarkdownFormula formula={formula} plain={plain} />
    </span>
  );
}
