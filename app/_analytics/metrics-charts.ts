import type { MetricsSummary, Spread, Summary } from "@/lib/wire";

/** What a figure is of: ms, tokens per second, percent of turns, or a number of things. */
export type FigureUnit = "count" | "ms" | "rate" | "percent";

/** One series, a value for each group of the summary; null: not measured. */
export interface MetricsSeries {
  name: string;
  values: (number | null)[];
}

/** One chart of the metrics, before it is drawn. */
export interface MetricsChart {
  /** In the page's address. */
  id: string;
  title: string;
  note?: string;
  unit: FigureUnit;
  /** The series add up to a whole. */
  isStacked: boolean;
  /** Those with anything in them. */
  series: MetricsSeries[];
}

type Group = MetricsSummary["groups"][number];
type ReadValue = (group: Group) => number | null;
type Made = Omit<MetricsChart, "isStacked" | "series"> & {
  isStacked?: boolean;
  series: (groups: readonly Group[]) => [name: string, value: ReadValue][];
};

const STEPS = ["rules", "decision", "tool", "thinking", "response"] as const;

const CHARTS: readonly Made[] = [
  {
    id: "turns",
    title: "Turns and visitors",
    unit: "count",
    series: () => [
      ["turns", ({ turns }) => turns],
      ["visitors", ({ visitors }) => visitors],
    ],
  },
  {
    id: "first-token",
    title: "Time to first token",
    note: "Waiting, deciding and reading included.",
    unit: "ms",
    series: () => ofSpread((group) => group.first_token_ms),
  },
  {
    id: "speed",
    title: "Tokens per second",
    note: "Of answers alone, from first token to last.",
    unit: "rate",
    series: () => [
      ["median", ({ tokens_per_second: speed }) => speed?.p50 ?? null],
      ["mean", ({ tokens_per_second: speed }) => speed?.mean ?? null],
    ],
  },
  {
    id: "steps",
    title: "Turn time by step",
    note: "What each kind of step took of a turn, on average over all turns.",
    unit: "ms",
    isStacked: true,
    series: () => [
      ["waiting for a model", (group) => perTurn(group, group.wait_ms)],
      ...STEPS.map((step): [string, ReadValue] => [step, (group) => perTurn(group, group.step_ms[step])]),
    ],
  },
  {
    id: "queue",
    title: "Queue wait",
    note: "What was waited for models, without loads made for the turn itself.",
    unit: "ms",
    series: () => ofSpread((group) => group.queue_ms),
  },
  {
    id: "errors",
    title: "Errors by code",
    unit: "count",
    series: (groups) => ofCounts(groups, (group) => group.errors),
  },
  {
    id: "decisions",
    title: "Decisions",
    note: "How often each question was answered so.",
    unit: "count",
    series: ofDecisions,
  },
  {
    id: "segments",
    title: "Prompt segments that were on",
    note: "Of the agent's turns that came to their end.",
    unit: "percent",
    series: (groups) =>
      namesOf(groups, (group) => group.segments).map((name) => [
        name,
        ({ segments, prompted_turns: turns }) => (turns === 0 ? null : ((segments[name] ?? 0) / turns) * 100),
      ]),
  },
  {
    id: "opinions",
    title: "Likes and dislikes",
    unit: "count",
    series: () => [
      ["likes", ({ likes }) => likes],
      ["dislikes", ({ dislikes }) => dislikes],
    ],
  },
  {
    id: "conversations",
    title: "Conversations",
    unit: "count",
    series: () => [["conversations", (group) => group.conversations]],
  },
];

/** The charts of a summary. What a group did not measure is null, and a series without a figure is left out. Pure. */
export function metricsCharts({ groups }: Pick<MetricsSummary, "groups">): MetricsChart[] {
  return CHARTS.map(({ series, isStacked = false, ...chart }) => ({
    ...chart,
    isStacked,
    series: series(groups)
      .map(([name, value]) => ({ name, values: groups.map(value) }))
      .filter(({ values }) => values.some((value) => value !== null)),
  }));
}

function ofSpread(spread: (summary: Summary) => Spread | null): [string, ReadValue][] {
  return [
    ["median (p50)", (group) => spread(group)?.p50 ?? null],
    ["95th percentile (p95)", (group) => spread(group)?.p95 ?? null],
  ];
}

/** A turn without this step spent no time in it. */
function perTurn({ turns }: Summary, spread: Spread | null): number | null {
  return spread === null || turns === 0 ? null : (spread.mean * spread.count) / turns;
}

function ofCounts(groups: readonly Group[], counts: (group: Group) => Record<string, number>): [string, ReadValue][] {
  return namesOf(groups, counts).map((name) => [
    name,
    (group) => (group.turns === 0 ? null : (counts(group)[name] ?? 0)),
  ]);
}

/** Where a question was asked, an answer that nobody gave counts 0; where it was not asked there is no figure. */
function ofDecisions(groups: readonly Group[]): [string, ReadValue][] {
  return namesOf(groups, ({ decisions }) => decisions).flatMap((question) =>
    namesOf(groups, ({ decisions }) => decisions[question]?.answers ?? {}).map((answer): [string, ReadValue] => [
      `${question}: ${answer}`,
      ({ decisions }) => (decisions[question] === undefined ? null : (decisions[question].answers[answer] ?? 0)),
    ]),
  );
}

function namesOf(groups: readonly Group[], record: (group: Group) => Record<string, unknown>): string[] {
  return [...new Set(groups.flatMap((group) => Object.keys(record(group))))].sort();
}
