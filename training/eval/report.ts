import type { Evaluation, EvaluationRate } from "../../lib/wire";
import type { DecisionMark } from "./decision-marks";
import { groupsOf } from "./group";
import type { HeardTurn } from "./hear";
import { proportionOf, wilson } from "./interval";
import { FORM_PROBLEMS } from "./measures/form";
import { RATES, type RateName } from "./rates";
import type { CaseResult } from "./run-case";

type Parts = Pick<Evaluation, "cases" | "turns" | "failures" | "form_problems" | "rates" | "decisions" | "speed">;

/** Everything that is counted over the cases. What no case told is left out. */
export function summarize(results: readonly CaseResult[]): Parts {
  const turns = results.flatMap((result) => result.turns);
  const problems = results.flatMap(({ form }) => form);
  return {
    cases: results.length,
    turns: turns.length,
    failures: countsOf(turns.flatMap(({ failure }) => failure ?? [])).map(([code, count]) => ({ code, count })),
    form_problems: FORM_PROBLEMS.flatMap((problem) => {
      const count = problems.filter((found) => found === problem).length;
      return count === 0 ? [] : { problem, count };
    }),
    rates: ratesOf(results),
    decisions: decisionsOf(results.flatMap(({ decisions }) => decisions)),
    speed: speedOf(turns),
  };
}

function ratesOf(results: readonly CaseResult[]): EvaluationRate[] {
  const marks = results.flatMap((result) => result.marks);
  return (Object.keys(RATES) as RateName[]).flatMap((name) => {
    const proportion = proportionOf(marks.flatMap(([marked, isSo]) => (marked === name ? [isSo] : [])));
    return proportion.n === 0 ? [] : { name, ...RATES[name], ...proportion };
  });
}

/** A table for each question, source of the right answers, and decider. */
function decisionsOf(marks: readonly DecisionMark[]): Evaluation["decisions"] {
  const groups = groupsOf(marks, ({ question, labels, source }) => `${question} ${labels} ${source}`);
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const { question, labels, source } = first;
      const right = group.filter(({ truth, decided }) => truth === decided).length;
      const confusion = countsOf(group.map(({ truth, decided }) => `${truth} ${decided}`)).map(([pair, count]) => {
        const [truth = "", decided = ""] = pair.split(" ");
        return { truth, decided, count };
      });
      return { question, labels, source, ...wilson(right, group.length), confusion };
    })
    .sort((left, right) => orderOf(left).localeCompare(orderOf(right)));
}

const orderOf = ({ labels, question, source }: Evaluation["decisions"][number]): string =>
  `${labels} ${question} ${source}`;

function speedOf(turns: readonly HeardTurn[]): Evaluation["speed"] {
  const firsts = turns.flatMap(({ firstTextMs }) => firstTextMs ?? []).sort((left, right) => left - right);
  const peaks = new Map<string, number>();
  for (const turn of turns)
    for (const [model, bytes] of turn.peaks) peaks.set(model, Math.max(bytes, peaks.get(model) ?? 0));
  return {
    first_token_ms: firsts.length === 0 ? null : { p50: rank(firsts, 0.5), p95: rank(firsts, 0.95) },
    tokens_per_second: { response: rateOf(turns, "response"), reasoning: rateOf(turns, "reasoning") },
    peaks: [...peaks].map(([model, bytes]) => ({ model, bytes })),
    together_bytes: turns.length === 0 ? null : Math.max(...turns.map(({ togetherBytes }) => togetherBytes)),
    swaps: sum(turns.map(({ swaps }) => swaps)),
    context_swaps: sum(turns.map(({ contextSwaps }) => contextSwaps)),
  };
}

function rateOf(turns: readonly HeardTurn[], role: "response" | "reasoning"): number | null {
  const written = turns.flatMap((turn) => turn.written).filter((one) => one.role === role);
  const ms = sum(written.map((one) => one.ms));
  return ms === 0 ? null : (1000 * sum(written.map(({ tokens }) => tokens))) / ms;
}

/** The nearest rank: of 100 values, the 95th. */
function rank(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

function countsOf(items: readonly string[]): [item: string, count: number][] {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts].sort(([left, many], [right, more]) => more - many || left.localeCompare(right));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
