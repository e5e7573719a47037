/** What is watched, as it is now. Null where nobody knows: then nothing begins and nothing ends. */
export interface Readings {
  /** Bytes held of the memory budget. */
  memory: { usedBytes: number; budgetBytes: number } | null;
  /** Where the models and the database lie. */
  freeDiskBytes: number | null;
  /** Times each model had to leave memory in the last hour. */
  evictions: ReadonlyMap<string, number>;
}

/** When to tell of what; null: never. */
export interface AlertLimits {
  /** Share of the memory budget, above 0 and up to 1. */
  budgetShare: number | null;
  freeDiskBytes: number | null;
  evictionsPerHour: number | null;
}

export const ALERT_NAMES = ["memory_budget", "disk_free", "evictions"] as const;
export type AlertName = (typeof ALERT_NAMES)[number];

/** Something to tell of: a figure beyond its bound. */
export interface Finding {
  name: AlertName;
  subject: string | null;
  value: number;
  bound: number;
}

/** What is told of now, or was and is not over. */
export type OpenAlert = Pick<Finding, "name" | "subject">;

/** An alert is over only when its figure is this much better than its bound: it would come and go otherwise. */
const BETTER = 0.05;

/**
 * What begins and what is over. Pure.
 *
 * | alert           | begins when                          | is over when                              |
 * |-----------------|--------------------------------------|-------------------------------------------|
 * | `memory_budget` | more than the share is held          | 5 hundredths of the budget less is held   |
 * | `disk_free`     | less is free                         | a tenth more than that is free            |
 * | `evictions`     | a model left more often in an hour   | it left no more than half as often        |
 */
export function judge(
  readings: Readings,
  limits: AlertLimits,
  open: readonly OpenAlert[],
): { begun: Finding[]; over: OpenAlert[] } {
  const found = [
    ...memoryFindings(readings, limits),
    ...diskFindings(readings, limits),
    ...evictionFindings(readings, limits),
  ];
  const isOpen = (one: OpenAlert): boolean => open.some((other) => isSame(one, other));
  return {
    begun: found
      .filter(({ state }) => state === "bad")
      .filter((one) => !isOpen(one))
      .map(({ finding }) => finding),
    over: open.filter((alert) => isOver(alert, found, limits)),
  };
}

/** `between`: neither bad enough to begin nor good enough to end. */
interface Judged extends OpenAlert {
  state: "bad" | "between" | "good";
  finding: Finding;
}

function judged(finding: Finding, state: Judged["state"]): Judged {
  return { name: finding.name, subject: finding.subject, state, finding };
}

function memoryFindings({ memory }: Readings, { budgetShare }: AlertLimits): Judged[] {
  if (memory === null || budgetShare === null || memory.budgetBytes <= 0) return [];
  const value = memory.usedBytes / memory.budgetBytes;
  const state = value > budgetShare ? "bad" : value <= budgetShare - BETTER ? "good" : "between";
  return [judged({ name: "memory_budget", subject: null, value, bound: budgetShare }, state)];
}

function diskFindings({ freeDiskBytes: value }: Readings, { freeDiskBytes: bound }: AlertLimits): Judged[] {
  if (value === null || bound === null) return [];
  const state = value < bound ? "bad" : value >= bound * 1.1 ? "good" : "between";
  return [judged({ name: "disk_free", subject: null, value, bound }, state)];
}

function evictionFindings({ evictions }: Readings, { evictionsPerHour: bound }: AlertLimits): Judged[] {
  if (bound === null) return [];
  return [...evictions].map(([subject, value]) => {
    const state = value > bound ? "bad" : value <= bound / 2 ? "good" : "between";
    return judged({ name: "evictions", subject, value, bound }, state);
  });
}

function isOver(alert: OpenAlert, found: readonly Judged[], limits: AlertLimits): boolean {
  const now = found.find((one) => isSame(one, alert));
  if (now !== undefined) return now.state === "good";
  // A model that left no more in the last hour, and what is not watched any longer.
  if (alert.name === "evictions") return true;
  return alert.name === "memory_budget" ? limits.budgetShare === null : limits.freeDiskBytes === null;
}

function isSame(one: OpenAlert, other: OpenAlert): boolean {
  return one.name === other.name && one.subject === other.subject;
}
