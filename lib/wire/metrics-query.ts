import type { SummaryQuery } from "../analytics";
import { valueRefusal } from "./refusals";

const DAY_MS = 86_400_000;
const USUAL_DAYS = 7;
const MOST_DAYS = 400;
/** A list of hours is long: two months of them are 1,440. */
const MOST_DAYS_BY_HOUR = 62;
const MOST_SEARCH = 200;
/** The last moment that JavaScript has a date for. */
const MOST_MS = 8.64e15;

/** A record, so that a new way does not compile until it stands here. */
const GROUPS = Object.keys({ day: true, hour: true, model: true } satisfies Record<SummaryQuery["by"], true>);

/**
 * Reads `?from=&to=&by=day|hour|model`: times in ms since the epoch, the last seven days when left out. An empty one counts
 * as not given.
 *
 * @throws MemwellError `invalid_request` naming the parameter, what was given and what is allowed
 */
export function parseMetricsQuery(parameters: URLSearchParams, now: number): SummaryQuery {
  const to = wholeNumber(parameters, "to", 0, MOST_MS) ?? now + 1;
  const from = wholeNumber(parameters, "from", 0, MOST_MS) ?? Math.max(0, to - USUAL_DAYS * DAY_MS);
  const given = parameters.get("by") || "day";
  const by = GROUPS.find((group) => group === given) as SummaryQuery["by"] | undefined;
  if (by === undefined) throw valueRefusal(["by"], given, GROUPS.join(" or "));
  const most = by === "hour" ? MOST_DAYS_BY_HOUR : MOST_DAYS;
  if (from > to || to - from > most * DAY_MS)
    throw valueRefusal(["from"], from, `a time before \`to\`, and at most ${most} days before it`);
  return { from, to, by };
}

export interface MetricsRunsQuery {
  after: number | undefined;
  limit: number | undefined;
  search: string | undefined;
}

/** Reads `?search=TEXT&after=N&limit=N`. @throws as `parseMetricsQuery` */
export function parseMetricsRunsQuery(parameters: URLSearchParams): MetricsRunsQuery {
  const search = parameters.get("search") || undefined;
  if (search !== undefined && search.length > MOST_SEARCH)
    throw valueRefusal(["search"], search, `a text of up to ${MOST_SEARCH} characters`);
  return {
    after: wholeNumber(parameters, "after", 1, Number.MAX_SAFE_INTEGER),
    limit: wholeNumber(parameters, "limit", 1, 200),
    search,
  };
}

function wholeNumber(parameters: URLSearchParams, name: string, least: number, most: number): number | undefined {
  const given = parameters.get(name) || undefined;
  if (given === undefined) return undefined;
  const count = /^\d{1,16}$/.test(given) ? Number(given) : NaN;
  if (count >= least && count <= most) return count;
  throw valueRefusal([name], given, `a whole number from ${least} to ${most}`);
}
