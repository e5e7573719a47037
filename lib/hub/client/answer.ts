/*
 * What is read off an answer of the Hub, or off what a request to it threw.
 */

/** An answer of the Hub, or of a storage server it leads to, that is no success. */
export interface HubAnswer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  url: string;
}

/** The first value of a header; names in lower case. */
export function headerOf(answer: Pick<HubAnswer, "headers">, name: string): string | null {
  const value = answer.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

/** Without its query: that of a storage server carries a signature which opens the file to anybody. */
export function publicUrl(url: string): string {
  const end = url.search(/[?#]/);
  return printable(end < 0 ? url : url.slice(0, end));
}

/** Milliseconds to wait: `Retry-After` in seconds or as a date, else the `RateLimit` header's `t`; null when none says. */
export function retryAfterOf(answer: HubAnswer): number | null {
  const after = headerOf(answer, "retry-after")?.trim() ?? "";
  if (/^\d+$/.test(after)) return Number(after) * 1000;
  const date = after === "" ? NaN : Date.parse(after);
  if (!Number.isNaN(date)) return Math.max(0, date - Date.now());
  const limit = /r=0;\s*t=(\d+)/.exec(headerOf(answer, "ratelimit") ?? "");
  return limit === null ? null : Number(limit[1]) * 1000;
}

/** Those of the way, not Node's and undici's own for a request that could never be sent. */
const NETWORK_CODE =
  /^(?:E(?!RR_)[A-Z]|ERR_(?:TLS|SSL)_|UND_ERR(?!_INVALID_ARG$|_REQ_CONTENT_LENGTH_MISMATCH$)|CERT|DEPTH|SELF|UNABLE)/;

/** The system's or undici's name of what went wrong on the way; null for what is no network error. */
export function networkCodeOf(thrown: unknown): string | null {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 5; error = error.cause, depth++) {
    if ("code" in error && typeof error.code === "string" && NETWORK_CODE.test(error.code)) return error.code;
  }
  return null;
}

/** Text from outside, fit for one line of a message. */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e\u00a0-\uffff]+/g, " ").slice(0, 500);
}
