import type { ReactNode } from "react";

import { readCalculation, type Calculation } from "./read-calculation";

/** Draws LaTeX without delimiters; what is `plain` stands in its place where that cannot be done, or not yet. */
export type RenderMath = (latex: string, plain: ReactNode) => ReactNode;

interface CalculationCardProps {
  /** The calculator's display, as it came. */
  display: unknown;
  /** The calculator's result in words: shown when there is no display, or a broken one. */
  text: string;
  renderMath?: RenderMath | undefined;
}

/** A calculation: what was asked, the result, and how it was found. */
export function CalculationCard({ display, text, renderMath }: CalculationCardProps) {
  const calculation = readCalculation(display);
  return (
    <div className="rounded-box border border-line bg-surface px-3 py-2" data-testid="calculation">
      <p className="text-xs text-quiet">Calculated</p>
      {calculation === null ? (
        <p className="wrap-anywhere whitespace-pre-wrap">{text}</p>
      ) : (
        <Equation calculation={calculation} renderMath={renderMath} />
      )}
      {calculation !== null && calculation.steps.length > 0 && (
        <details className="mt-1 text-sm">
          <summary className="text-quiet select-none">How it was found</summary>
          <ol className="mt-1 list-decimal space-y-0.5 pl-6 font-mono text-[0.85em]">
            {calculation.steps.map((step, index) => (
              <li key={index} className="wrap-anywhere whitespace-pre-wrap">
                {step}
              </li>
            ))}
          </ol>
        </details>
      )}
    </div>
  );
}

function Equation({ calculation, renderMath }: { calculation: Calculation; renderMath: RenderMath | undefined }) {
  const { expression, result, exact, approximate, latex } = calculation;
  const others = [
    exact !== null && exact !== result ? `exactly ${exact}` : null,
    approximate !== null && approximate !== result ? `about ${approximate}` : null,
  ].filter((other) => other !== null);
  const plain = <strong className="font-semibold tabular-nums">{result}</strong>;
  // A number looks the same either way.
  const isFormula = latex !== null && latex !== result && renderMath !== undefined;
  return (
    <>
      <p className="wrap-anywhere">
        <span className="font-mono text-[0.9em] text-quiet">{expression}</span>
        <span className="sr-only">, result:</span>
        <span aria-hidden="true" className="px-2 text-quiet">
          →
        </span>
        {isFormula ? renderMath(latex, plain) : plain}
      </p>
      {others.length > 0 && <p className="text-sm wrap-anywhere text-quiet tabular-nums">{others.join(", ")}</p>}
    </>
  );
}
