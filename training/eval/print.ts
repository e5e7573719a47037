import type { Evaluation, Proportion } from "../../lib/wire";

/** The evaluation as lines for a terminal. */
export function evaluationLines(evaluation: Evaluation): string[] {
  const { models, cases, turns, failures, form_problems: problems } = evaluation;
  const counts = (entries: readonly [string, number][]): string =>
    entries.map(([name, count]) => `${name} ${count}`).join(", ");
  return [
    "",
    ...models.map(({ role, id, parameters, file_bytes: bytes }) => `${role}: ${id}${sizeOf(parameters, bytes)}`),
    `${cases} cases, ${turns} turns, seed ${evaluation.seed}`,
    ...(failures.length === 0
      ? []
      : [`without an answer: ${counts(failures.map(({ code, count }) => [code, count]))}`]),
    "",
    ...rateLines(evaluation),
    ...(problems.length === 0 ? [] : [`form: ${counts(problems.map(({ problem, count }) => [problem, count]))}`]),
    "",
    ...measureLines(evaluation),
    "",
    ...decisionLines(evaluation),
    "",
    ...speedLines(evaluation),
  ];
}

function rateLines({ rates }: Evaluation): string[] {
  const width = Math.max(0, ...rates.map(({ label }) => label.length));
  return rates.map((rate) => {
    const goal = rate.goal === null ? "" : `  goal ${percent(rate.goal)}${isReached(rate) ? "" : ", missed"}`;
    return `${rate.label.padEnd(width)}  ${proportion(rate)}${goal}`;
  });
}

function measureLines({ measure, measure_check: check }: Evaluation): string[] {
  if (measure === "taught")
    return [
      "Answers are compared with the words that the model was taught: nearly all words in order, the same numbers, and no other",
      'text of the curriculum nearer. One wrong word can pass; "word for word" is the least that is certainly right.',
    ];
  return [
    'Answers in free words: "correct" is an answer nearest to its topic that names a quarter of its facts. It tells whether an',
    "answer is about the matter, not whether every sentence is true.",
    ...(check === null
      ? []
      : [
          "Right texts which it does not know that this measure takes for right:",
          `  explanations           ${proportion(check.explained)}`,
          `  simpler, without terms ${proportion(check.simpler)}`,
        ]),
    'Who knows more than the curriculum may rightly not decline; "unknown topics declined" says little of a larger model.',
  ];
}

function decisionLines({ decisions }: Evaluation): string[] {
  return decisions.flatMap(({ question, labels, source, confusion, ...rate }) => {
    const mistakes = confusion.filter(({ truth, decided }) => truth !== decided);
    const said = labels === "composed" ? "" : " (against the rules)";
    const by = source === "known" ? "known without asking" : `by the ${source}`;
    return [
      `${`${question}, ${by}${said}`.padEnd(54)}  ${proportion(rate)}`,
      ...mistakes.map(({ truth, decided, count }) => `    ${truth} taken for ${decided}: ${count}`),
    ];
  });
}

function speedLines({ speed, took_ms: took }: Evaluation): string[] {
  const { first_token_ms: first, tokens_per_second: rates, peaks, together_bytes: together } = speed;
  const tokens = (rate: number | null): string => (rate === null ? "-" : `${rate.toFixed(1)}`);
  return [
    `first text: ${first === null ? "-" : `${first.p50.toFixed(0)} ms (half), ${first.p95.toFixed(0)} ms (19 of 20)`}`,
    `tokens a second: response ${tokens(rates.response)}, reasoning ${tokens(rates.reasoning)}`,
    ...peaks.map(({ model, bytes }) => `most memory of ${model}: ${megabytes(bytes)}`),
    ...(together === null ? [] : [`most memory of all models together: ${megabytes(together)}`]),
    `swaps: ${speed.swaps}; contexts that made room: ${speed.context_swaps}; all in ${(took / 1000).toFixed(0)} s`,
  ];
}

function proportion({ passed, n, low, high }: Proportion): string {
  const share = n === 0 ? "-" : percent(passed / n);
  return `${share.padStart(7)}  ${`${passed}/${n}`.padStart(9)}  ${percent(low)} to ${percent(high)}`;
}

const isReached = ({ passed, n, goal }: Proportion & { goal: number | null }): boolean => passed >= n * (goal ?? 0);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

function sizeOf(parameters: number | null, bytes: number | null): string {
  const parts = [
    ...(parameters === null ? [] : [`${(parameters / 1e6).toFixed(1)} million parameters`]),
    ...(bytes === null ? [] : [megabytes(bytes)]),
  ];
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}
