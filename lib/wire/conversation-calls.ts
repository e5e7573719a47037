import { readId } from "./chat-call-message";
import { isRecord } from "./paths";
import { parameterRefusal, valueRefusal } from "./refusals";
import { wholeNumberBetween } from "./request-fields";

const LONGEST_CURSOR = 500;
const LONGEST_SEARCH = 200;
const DIGITS = /^\d{1,9}$/;
const pageSize = wholeNumberBetween(1, 200);

/** Which conversations to list; the store's `ConversationQuery` takes it. */
export interface ConversationListQuery {
  search?: string;
  after?: string;
  limit?: number;
}

/** What is to become of a conversation. */
export type ConversationChange = { title: string } | { active: string };

/** An opinion of a message. */
export interface FeedbackCall {
  rating: "like" | "dislike";
  comment: string;
}

/**
 * Reads `?search=TEXT&after=CURSOR&limit=N` of `GET /api/conversations`; an empty one counts as not given.
 *
 * @throws MemwellError `invalid_request` naming the parameter
 */
export function parseConversationQuery(parameters: URLSearchParams): ConversationListQuery {
  const search = readText(parameters, "search", LONGEST_SEARCH);
  const after = readText(parameters, "after", LONGEST_CURSOR);
  const limit = readPageSize(parameters.get("limit"));
  return {
    ...(search !== undefined && { search }),
    ...(after !== undefined && { after }),
    ...(limit !== undefined && { limit }),
  };
}

/**
 * Reads `{"title": TEXT}` or `{"active": MESSAGE_ID}`, the body of `PATCH /api/conversations/ID`.
 *
 * @throws MemwellError `invalid_request`, `unsupported_parameter`, each naming the field
 */
export function parseConversationChange(body: unknown): ConversationChange {
  const { title, active } = readFields(body, ["title", "active"], "a JSON object with title or active");
  if (title === undefined) return { active: readId(active, ["active"]) };
  if (active !== undefined) throw valueRefusal(["active"], active, "nothing together with title");
  if (typeof title !== "string") throw valueRefusal(["title"], title, "a text");
  return { title };
}

/**
 * Reads `{"rating": "like" | "dislike", "comment"?: TEXT}`; a comment that is null counts as none.
 *
 * @throws MemwellError `invalid_request`, `unsupported_parameter`, each naming the field
 */
export function parseFeedback(body: unknown): FeedbackCall {
  const { rating, comment } = readFields(body, ["rating", "comment"], "a JSON object with rating");
  if (rating !== "like" && rating !== "dislike") throw valueRefusal(["rating"], rating, "like or dislike");
  if (comment === undefined || comment === null) return { rating, comment: "" };
  if (typeof comment !== "string") throw valueRefusal(["comment"], comment, "a text");
  return { rating, comment };
}

/**
 * Reads `?format=json|markdown` of an export; JSON when it is not given.
 *
 * @throws MemwellError `invalid_request`
 */
export function parseExportFormat(parameters: URLSearchParams): "json" | "markdown" {
  const format = parameters.get("format") || "json";
  if (format === "json" || format === "markdown") return format;
  throw valueRefusal(["format"], format, "json or markdown");
}

function readFields(body: unknown, known: readonly string[], allowed: string): Record<string, unknown> {
  if (!isRecord(body)) throw valueRefusal([], body, allowed);
  for (const [name, value] of Object.entries(body)) if (!known.includes(name)) throw parameterRefusal([name], value);
  return body;
}

function readText(parameters: URLSearchParams, name: string, longest: number): string | undefined {
  const given = parameters.get(name) || undefined;
  if (given !== undefined && given.length > longest)
    throw valueRefusal([name], given, `a text of up to ${longest} characters`);
  return given;
}

function readPageSize(given: string | null): number | undefined {
  if (!given) return undefined;
  const read = pageSize.safeParse(DIGITS.test(given) ? Number(given) : NaN);
  if (read.success) return read.data;
  throw valueRefusal(["limit"], given, read.error.issues[0]!.message);
}
