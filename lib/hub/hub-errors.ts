import { HubApiError } from "@huggingface/hub";
import { MemwellError, messageOf, type ErrorCode } from "../errors";
import { headerOf, networkCodeOf, printable, publicUrl, retryAfterOf, type HubAnswer } from "./hub-client-answer";
import type { RepoName } from "./layout";

/** What was asked of the Hub: as much of it as is known, for the message. */
export interface HubSubject {
  endpoint: string;
  repo?: RepoName;
  revision?: string;
  path?: string;
  /** Whether a token was sent with the request. */
  hasToken?: boolean;
}

/**
 * What an answer of the Hub means, by its status and its `X-Error-Code` and `X-Error-Message` headers.
 * Source: huggingface_hub 1.29, `utils/_http.py`, `hf_raise_for_status`.
 */
export function hubErrorOfAnswer(answer: HubAnswer, subject: HubSubject): MemwellError {
  const { status } = answer;
  const code = headerOf(answer, "x-error-code");
  const text = printable(headerOf(answer, "x-error-message") ?? "");
  const retryAfterMs = retryAfterOf(answer);
  const fields = {
    ...fieldsOf(subject),
    status,
    url: publicUrl(answer.url),
    ...(code === null ? {} : { error_code: printable(code) }),
    ...(text === "" ? {} : { hub_message: text }),
    ...(retryAfterMs === null ? {} : { retry_after_ms: retryAfterMs }),
  };
  const [errorCode, message] = explain(status, code, text, subject, fields.url);
  return new MemwellError(errorCode, message, fields);
}

/**
 * Whatever a request to the Hub threw, as a MemwellError: an error of @huggingface/hub, a network error, an abort. Those
 * of @huggingface/hub carry no headers; `hubFetch` throws before they arise.
 */
export function hubErrorOf(thrown: unknown, subject: HubSubject): MemwellError {
  if (thrown instanceof MemwellError) return thrown;
  if (thrown instanceof HubApiError) {
    return hubErrorOfAnswer({ status: thrown.statusCode, headers: {}, url: thrown.url }, subject);
  }
  if (thrown instanceof Error && thrown.name === "AbortError") {
    return new MemwellError("aborted", "The request to the Hub was cancelled.", fieldsOf(subject), { cause: thrown });
  }
  const networkCode = networkCodeOf(thrown);
  if (networkCode === null) {
    const message = `The Hub's answer cannot be read: ${printable(messageOf(thrown))}. Check HF_ENDPOINT (now ${subject.endpoint}).`;
    return new MemwellError("hub_refused", message, fieldsOf(subject), { cause: thrown });
  }
  return new MemwellError(
    "hub_unavailable",
    `${subject.endpoint} cannot be reached (${networkCode}). Check the network and the proxy settings, then try again; ` +
      `what has been downloaded so far is kept.`,
    { ...fieldsOf(subject), system_code: networkCode },
    { cause: thrown },
  );
}

/** Nothing may be asked of the Hub. Throws `hub_offline`. */
export function refuseOffline(settings: { offline: boolean }, subject: HubSubject): void {
  if (!settings.offline) return;
  throw new MemwellError(
    "hub_offline",
    `${nameOf(subject)} cannot be asked for: offline mode is on. Unset HF_HUB_OFFLINE to reach the Hub.`,
    fieldsOf(subject),
  );
}

/** True for what may go well a moment later. */
export function isPassing(error: MemwellError): boolean {
  return error.code === "hub_unavailable" || error.code === "hub_rate_limited";
}

type Explanation = [ErrorCode, string];

/** By what is most certain first: the error code, a message that is known word by word, then the status alone. */
function explain(status: number, code: string | null, text: string, subject: HubSubject, url: string): Explanation {
  const byCode = code === null ? undefined : BY_ERROR_CODE[code];
  if (byCode !== undefined) return byCode(subject);
  if (text === "Invalid credentials in Authorization header") return invalidToken(subject);
  const byStatus = BY_STATUS[status];
  if (byStatus !== undefined) return byStatus(subject, text, url);
  const says = text === "" ? `status ${status}` : `status ${status}: ${text}`;
  if (status >= 500) return ["hub_unavailable", `The Hub failed (${says}) at ${url}. Try again in a moment.`];
  return ["hub_refused", `The Hub refused ${url} (${says}). Check the name and HF_ENDPOINT (now ${subject.endpoint}).`];
}

const BY_ERROR_CODE: Record<string, (subject: HubSubject) => Explanation> = {
  GatedRepo: (subject) => [
    "repo_gated",
    `${nameOf(subject)} is gated: its owner asks for terms to be accepted. Open ${pageOf(subject)} with your account and ` +
      `accept them, then ${subject.hasToken ? "make sure HF_TOKEN is a token of that account" : "set HF_TOKEN to a token of that account"}.`,
  ],
  RepoNotFound: missingRepo,
  RevisionNotFound: (subject) => [
    "revision_not_found",
    `${nameOf(subject)} has no revision ${JSON.stringify(subject.revision ?? "")}. Its branches and tags are at ${pageOf(subject)}.`,
  ],
  EntryNotFound: (subject) => [
    "file_not_found",
    `${nameOf(subject)} has no file ${JSON.stringify(subject.path ?? "")} at ${subject.revision ?? "main"}. Its files are at ${pageOf(subject)}.`,
  ],
};

const BY_STATUS: Record<number, (subject: HubSubject, text: string, url: string) => Explanation> = {
  // The Hub answers so for what is missing too, so as not to tell what is private.
  401: (subject) => (subject.repo === undefined ? invalidToken(subject) : missingRepo(subject)),
  403: (subject, text) => [
    text === "Access to this resource is disabled." ? "hub_refused" : "hub_unauthorized",
    `The Hub does not let ${subject.hasToken ? "this token" : "anybody without a token"} at ${nameOf(subject)}` +
      `${text === "" ? "" : `: ${text}`}. Make sure that HF_TOKEN is set and has the right to it.`,
  ],
  404: (subject, _text, url) =>
    subject.repo === undefined
      ? ["hub_refused", `There is nothing at ${url}. Check HF_ENDPOINT (now ${subject.endpoint}).`]
      : missingRepo(subject),
  408: (_subject, _text, url) => ["hub_unavailable", `The Hub took too long over ${url}. Try again in a moment.`],
  429: (subject) => [
    "hub_rate_limited",
    `The Hub asks for fewer requests at a time. Try again in some minutes` +
      `${subject.hasToken ? "." : "; with a token (HF_TOKEN) it allows more."}`,
  ],
};

function missingRepo(subject: HubSubject): Explanation {
  const advice = subject.hasToken
    ? "Check the name, and that the account of HF_TOKEN may see it: a private repository looks missing to others."
    : "Check the name. A private repository looks missing without a token: set HF_TOKEN if it is one.";
  return [
    "repo_not_found",
    `${subject.endpoint} has no ${subject.repo?.repo_type ?? "repository"} ${nameOf(subject)}. ${advice}`,
  ];
}

function invalidToken(subject: HubSubject): Explanation {
  const advice = `Make one at ${subject.endpoint}/settings/tokens and set HF_TOKEN.`;
  return [
    "hub_unauthorized",
    subject.hasToken ? `The Hub does not know this token. ${advice}` : `The Hub asks for a token. ${advice}`,
  ];
}

function nameOf(subject: HubSubject): string {
  return subject.repo?.repo_id ?? subject.endpoint;
}

function pageOf(subject: HubSubject): string {
  if (subject.repo === undefined) return subject.endpoint;
  const folder = subject.repo.repo_type === "model" ? "" : `${subject.repo.repo_type}s/`;
  return `${subject.endpoint}/${folder}${subject.repo.repo_id}`;
}

function fieldsOf({ repo, revision, path }: HubSubject): Record<string, unknown> {
  return { ...repo, ...(revision === undefined ? {} : { revision }), ...(path === undefined ? {} : { path }) };
}
