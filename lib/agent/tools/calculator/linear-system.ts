import { Rational } from "./rational";

/** One equation: the sum of `coefficients` times the unknowns is `constant`. */
export interface LinearEquation {
  coefficients: Rational[];
  constant: Rational;
}

export type LinearSolution = { kind: "one"; values: Rational[] } | { kind: "none" } | { kind: "many" };

/** Solves linear equations in `count` unknowns by elimination, exactly. */
export function solveLinearSystem(equations: readonly LinearEquation[], count: number): LinearSolution {
  let rows = equations.map(({ coefficients, constant }) => [...coefficients, constant]);
  const solved: Rational[][] = [];
  for (let column = 0; column < count; column++) {
    const pivot = rows.find((row) => !at(row, column).isZero);
    if (pivot === undefined) continue;
    const unit = pivot.map((entry) => entry.over(at(pivot, column)));
    const eliminate = (row: Rational[]) =>
      row.map((entry, index) => entry.minus(at(row, column).times(at(unit, index))));
    rows = rows.filter((row) => row !== pivot).map(eliminate);
    solved.splice(0, solved.length, ...solved.map(eliminate), unit);
  }
  if (rows.some((row) => !at(row, count).isZero)) return { kind: "none" };
  if (solved.length < count) return { kind: "many" };
  return { kind: "one", values: solved.map((row) => at(row, count)) };
}

function at(row: readonly Rational[], index: number): Rational {
  return row[index] ?? Rational.ZERO;
}
