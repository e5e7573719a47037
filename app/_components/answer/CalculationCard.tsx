import type { ReactNode } from "react";

import { readCalculation, type Calculation } from "./read-calculation";

interface CalculationCardProps {
  /** The calculator's display, as it came. */
  display: unknown;
  /** The calculator's result in words: shown when there is no display, or a broken one. */
  text: string;
  /** Draws LaTeX without delimiters, where the page has what it takes; plain text otherwise. */
  renderMath?: (latex: string) => ReactNode;
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

function Equation({
  calculation,
  renderMath,
}: {
  calculation: Calculation;
  renderMath: CalculationCardProps["renderMath"];
}) {
  const { expression, result, exact, approximate, latex } = calculation;
  const others = [
    exact !== null && exact !== result ? `exactly ${exact}` : null,
    approximate !== null && approximate !== result ? `about ${approximate}` : null,
  ].filter((other) => other !== null);
  return (
    <>
      {latex !== null && renderMath !== undefined ? (
        <div className="overflow-x-auto">{renderMath(latex)}</div>
      ) : (
        <p className="wrap-anywhere">
          <span className="font-mono text-[0.9em] text-quiet">{expression}</span>
          <span className="sr-only">, result:</span>
          <span aria-hidden="true" className="px-2 text-quiet">
            →
          </span>
          <strong className="font-semibold tabular-nums">{result}</strong>
        </p>
      )}
      {others.length > 0 && <p className="text-sm wrap-anywhere text-quiet tabular-nums">{others.join(", ")}</p>}
    </>
  );
}
