import { NOTHING_WANTED } from "../data/scene";
import type { CalculationCase, ChartCase } from "./case";
import { diceOf } from "./dice-of";
import { HELD_OUT_CALCULATIONS, HELD_OUT_CHARTS } from "./frames";

const CHARTS = 24;
const CALCULATIONS = 16;
const TYPES = ["bar", "line", "pie"] as const;
/** Other things than those of training. */
const THINGS = ["books", "cups", "chairs", "stamps", "trees"] as const;

/** Requests for charts of given numbers, and sums. */
export function toolCases(seed: number): (ChartCase | CalculationCase)[] {
  const charts = Array.from({ length: CHARTS }, (_, index) => chartCase(seed, index + 1));
  const calculations = Array.from({ length: CALCULATIONS }, (_, index) => calculationCase(seed, index + 1));
  return [...charts, ...calculations];
}

function chartCase(seed: number, number: number): ChartCase {
  const id = `chart ${number}`;
  const dice = diceOf(seed, id);
  const type = dice.pick(TYPES);
  const values = Array.from({ length: dice.between(3, 5) }, () => dice.between(1, dice.chance(0.3) ? 99 : 20));
  const isNamed = dice.chance(0.5);
  const listed = values.map((value, index) => (isNamed ? `${value} ${THINGS[index]}` : `${value}`)).join(", ");
  return {
    kind: "chart",
    id,
    message: dice.pick(HELD_OUT_CHARTS).replace("{t}", type).replace("{v}", listed),
    chart: { type, values },
    truth: { ...NOTHING_WANTED, chart: "yes" },
    labels: "composed",
    domain: null,
  };
}

function calculationCase(seed: number, number: number): CalculationCase {
  const id = `calculation ${number}`;
  const dice = diceOf(seed, id);
  const [one, other] = [dice.between(2, dice.chance(0.4) ? 999 : 60), dice.between(2, 60)];
  const [sign, result] = dice.pick([
    ["+", one + other],
    ["-", one - other],
    ["*", one * other],
  ] as const);
  return {
    kind: "calculation",
    id,
    message: dice.pick(HELD_OUT_CALCULATIONS).replace("{e}", `${one} ${sign} ${other}`),
    result,
    truth: NOTHING_WANTED,
    labels: "composed",
    domain: null,
  };
}
