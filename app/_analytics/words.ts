import type { RepoUse } from "./cache-contract";

const whole = new Intl.NumberFormat("en-US");
const DAY = 86_400;

/** A count with commas: `1,234`. */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** `1 file`, `1,234 files`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Every byte of it: `1,234 bytes`. */
export function formatExactBytes(bytes: number): string {
  return counted(bytes, "byte");
}

/**
 * How long ago something was: `now`, `5 min ago`, `3 days ago`.
 *
 * @param seconds since 1970, as `now`
 */
export function formatAgo(seconds: number, now: number = Date.now() / 1000): string {
  const age = now - seconds;
  if (age < 60) return "now";
  if (age < 3600) return `${Math.floor(age / 60)} min ago`;
  if (age < DAY) return `${Math.floor(age / 3600)} h ago`;
  return `${counted(Math.floor(age / DAY), "day")} ago`;
}

/** A moment in full, in the browser's language; empty for what is none. */
export function formatMoment(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? "" : date.toLocaleString();
}

/** Who uses a repository of the cache, to stand behind "is". */
export function useWords({ use, model, process }: RepoUse): string {
  if (use === "downloading") return `being downloaded for ${model ?? "a model"}`;
  return `in use by ${model ?? process ?? "another program"}`;
}
