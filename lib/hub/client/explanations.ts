import type { ErrorCode } from "../../errors";
import type { HubSubject } from "./errors";

/** What it is, and what to tell. */
type Explanation = [ErrorCode, string];

/** By what is most certain first: the error code, a message that is known word by word, then the status alone. */
export function explain(
  status: number,
  code: string | null,
  text: string,
  subject: HubSubject,
  url: string,
): Explanation {
  const byCode = code !== null && Object.hasOwn(BY_ERROR_CODE, code) ? BY_ERROR_CODE[code] : undefined;
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
  409: changedMeanwhile,
  408: (_subject, _text, url) => ["hub_unavailable", `The Hub took too long over ${url}. Try again in a moment.`],
  412: changedMeanwhile,
  429: (subject) => [
    "hub_rate_limited",
    `The Hub asks for fewer requests at a time. Try again in some minutes` +
      `${subject.hasToken ? "." : "; with a token (HF_TOKEN) it allows more."}`,
  ],
};

function changedMeanwhile(subject: HubSubject, text: string): Explanation {
  const says = text === "" ? "" : ` (${text})`;
  return [
    "hub_refused",
    `Somebody else is changing ${nameOf(subject)} at the same time${says}. Try again in a moment.`,
  ];
}

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

export function nameOf(subject: HubSubject): string {
  return subject.repo?.repo_id ?? subject.endpoint;
}

function pageOf(subject: HubSubject): string {
  if (subject.repo === undefined) return subject.endpoint;
  const folder = subject.repo.repo_type === "model" ? "" : `${subject.repo.repo_type}s/`;
  return `${subject.endpoint}/${folder}${subject.repo.repo_id}`;
}
