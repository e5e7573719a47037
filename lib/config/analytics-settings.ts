import { z } from "zod";
import { parsed, positive, wholeNumber } from "./parsed";
import { parseBytes, parseDuration } from "./units";

/** What is kept of runs that have ended, who may see it, and of what the owner is told. */
export interface AnalyticsConfig {
  /** `admin`: figures and memory are shown to the administrator only. */
  access: "open" | "admin";
  /** How long the figures of a run are kept, in ms; `Infinity`: for ever. */
  maxAgeMs: number;
  /** Of how many runs. */
  maxRuns: number;
  alerts: {
    /** Share of the memory budget; null: never. */
    budgetShare: number | null;
    /** Bytes; null: never. */
    freeDiskBytes: number | null;
    /** Times that one model leaves memory for another; null: never. */
    evictionsPerHour: number | null;
    /** An http or https address; null: nobody is told. */
    webhook: string | null;
  };
}

/** Null is "off". */
const orOff = <T>(parse: (text: string) => T | null, allowed: string) =>
  parsed((text): { value: T | null } | null => {
    if (text.trim() === "off") return { value: null };
    const value = parse(text);
    return value === null ? null : { value };
  }, `${allowed}, or "off"`);

export const ANALYTICS_SETTINGS = {
  MEMWELL_ANALYTICS: z.enum(["open", "admin"], '"open" or "admin"').default("open"),
  MEMWELL_METRICS_AGE: parsed(
    (text) => positive(parseDuration(text)),
    'a time above zero, such as "90d", or "off"',
  ).default(90 * 86_400_000),
  MEMWELL_METRICS_RUNS: parsed(wholeNumber, "a number of runs above zero").default(100_000),
  MEMWELL_ALERT_BUDGET: orOff((text) => {
    const share = Number(text);
    return text.trim() !== "" && share > 0 && share <= 1 ? share : null;
  }, "a share above 0 and up to 1, such as 0.9").default({ value: 0.9 }),
  MEMWELL_ALERT_DISK: orOff((text) => positive(parseBytes(text)), 'a size above zero, such as "1GB"').default({
    value: 1e9,
  }),
  MEMWELL_ALERT_EVICTIONS: orOff(wholeNumber, "a number above zero").default({ value: 20 }),
  MEMWELL_ALERT_WEBHOOK: z
    .string()
    .refine(isWebhook, "an address that begins with http:// or https://")
    .nullable()
    .default(null),
};

export function analyticsConfig(settings: z.infer<z.ZodObject<typeof ANALYTICS_SETTINGS>>): AnalyticsConfig {
  return {
    access: settings.MEMWELL_ANALYTICS,
    maxAgeMs: settings.MEMWELL_METRICS_AGE,
    maxRuns: settings.MEMWELL_METRICS_RUNS,
    alerts: {
      budgetShare: settings.MEMWELL_ALERT_BUDGET.value,
      freeDiskBytes: settings.MEMWELL_ALERT_DISK.value,
      evictionsPerHour: settings.MEMWELL_ALERT_EVICTIONS.value,
      webhook: settings.MEMWELL_ALERT_WEBHOOK,
    },
  };
}

function isWebhook(text: string): boolean {
  // fetch refuses addresses with a user in them: it would fail at the first alert, and not now.
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === "" && password === "";
}
