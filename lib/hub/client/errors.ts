import { HubApiError } from "@huggingface/hub";
import { MemwellError, messageOf } from "../../errors";
import { headerOf, networkCodeOf, printable, publicUrl, retryAfterOf, type HubAnswer } from "./answer";
import { explain, nameOf } from "./explanations";
import type { RepoName } from "../layout";

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

function fieldsOf({ repo, revision, path }: HubSubject): Record<string, unknown> {
  return { ...repo, ...(revision === undefined ? {} : { revision }), ...(path === undefined ? {} : { path }) };
}
