import { decimalOfRational } from "./decimal";
import { solveLinearSystem, type LinearEquation } from "./linear-system";
import { Rational } from "./rational";
import type { Equation } from "./read-request";
import { unanswered } from "./refuse";
import { rationalsAt } from "./sampling";
import { plain, type Ask, type Solution } from "./solve";

/** Up to three linear equations in up to three unknowns. Throws `tool_failed` when one is not linear. */
export async function solveSystem(equations: Equation[], unknowns: string[], ask: Ask): Promise<Solution> {
  const linear: LinearEquation[] = [];
  for (const equation of equations) linear.push(await linearEquation(equation, unknowns, ask));
  const solution = solveLinearSystem(linear, unknowns.length);
  if (solution.kind === "none") return plain("no solution");
  if (solution.kind === "many") return plain("infinitely many solutions");
  const result = unknowns.map((name, index) => `${name} = ${solution.values[index]}`).join(", ");
  const near = solution.values.map((value, index) => {
    const { text, isRounded } = decimalOfRational(value);
    return `${unknowns[index]} ${isRounded ? "≈" : "="} ${text}`;
  });
  const areWhole = solution.values.every(({ denominator }) => denominator === 1n);
  return { result, exact: result, approximate: areWhole ? null : near.join(", "), steps: [] };
}

/** Its coefficients are the values at 0 and at the unit points; three odd points more tell whether it is linear. */
async function linearEquation({ left, right }: Equation, unknowns: string[], ask: Ask): Promise<LinearEquation> {
  const units = unknowns.map((_, unit) => unknowns.map((_, index) => (index === unit ? "1" : "0")));
  const checks = [7n, 11n, 13n].map((odd) => unknowns.map((_, index) => Rational.of(odd + BigInt(index * index), 3n)));
  const points = [unknowns.map(() => "0"), ...units, ...checks.map((check) => check.map(String))];
  const notLinear = unanswered("Only systems of linear equations are solved here. Ask for one equation at a time.");
  const values = await rationalsAt(`(${left.text})-(${right.text})`, unknowns, points, ask);
  const [base, ...rest] = values ?? [];
  if (base === undefined || base === null) throw notLinear;
  const coefficients = rest.slice(0, unknowns.length).map((value) => (value ?? Rational.ZERO).minus(base));
  const isLinear = checks.every((check, index) => {
    const expected = check.reduce((sum, x, at) => sum.plus(x.times(coefficients[at] ?? Rational.ZERO)), base);
    return rest[unknowns.length + index]?.equals(expected) === true;
  });
  if (!isLinear) throw notLinear;
  return { coefficients, constant: base.negated() };
}
