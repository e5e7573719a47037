export { forVisitors } from "./for-visitors";

/**
 * Every failure Memwell reports is a `MemwellError`: a stable `code` for programs, a `message` that ends with what to do
 * next for people, and `fields` with the figures behind it. Nobody parses a message.
 */
export type ErrorCode =
  // what a caller sent
  | "invalid_json"
  | "invalid_request"
  | "unsupported_parameter"
  | "request_too_large"
  | "model_not_found"
  | "context_length_exceeded"
  | "invalid_schema"
  | "invalid_setting"
  | "admin_only"
  | "cross_site"
  | "not_found"
  | "conflict"
  // what a model file is
  | "model_file_missing"
  | "model_file_invalid"
  | "model_unsupported"
  | "adapter_invalid"
  | "state_file_invalid"
  // what the Hugging Face cache is
  | "cache_not_found"
  | "cache_invalid"
  | "cache_in_use"
  | "plan_stale"
  // what the Hub says, or does not
  | "repo_not_found"
  | "revision_not_found"
  | "file_not_found"
  | "hub_unauthorized"
  | "repo_gated"
  | "hub_rate_limited"
  | "hub_unavailable"
  | "hub_refused"
  | "hub_offline"
  | "download_corrupt"
  | "disk_full"
  // what a process did
  | "engine_start_failed"
  | "engine_start_timeout"
  | "engine_crashed"
  | "engine_protocol"
  | "engine_overloaded"
  | "engine_stopped"
  | "engine_closed"
  // who is resident
  | "memory_exceeded"
  | "queue_full"
  // what a turn of the agent did
  | "tool_arguments_invalid"
  | "tool_failed"
  // how an operation ended
  | "aborted"
  | "internal";

export type ErrorFields = Record<string, unknown>;

/** An error as it travels: between processes, over HTTP, in a log line. */
export interface ErrorRecord {
  code: ErrorCode;
  message: string;
  fields: ErrorFields;
}

export class MemwellError extends Error {
  override readonly name = "MemwellError";
  readonly code: ErrorCode;
  readonly fields: ErrorFields;

  constructor(code: ErrorCode, message: string, fields: ErrorFields = {}, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
    this.fields = fields;
  }

  toRecord(): ErrorRecord {
    return { code: this.code, message: this.message, fields: this.fields };
  }

  static fromRecord(record: ErrorRecord): MemwellError {
    return new MemwellError(record.code, record.message, record.fields);
  }
}

/** Whatever was thrown, as a `MemwellError`; an unknown throw becomes `internal` and keeps its cause. */
export function toMemwellError(thrown: unknown): MemwellError {
  if (thrown instanceof MemwellError) return thrown;
  if (isFromAnotherBundle(thrown))
    return new MemwellError(thrown.code, thrown.message, thrown.fields, { cause: thrown.cause });
  return new MemwellError(
    "internal",
    `${messageOf(thrown)} (this is a bug in Memwell: please report it)`,
    {},
    { cause: thrown },
  );
}

/** A bundler may give two entry points a class each; the errors of one are then no instances of the other's. */
function isFromAnotherBundle(thrown: unknown): thrown is MemwellError {
  return thrown instanceof Error && thrown.name === "MemwellError" && "code" in thrown && "fields" in thrown;
}

/** What whatever was thrown says. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
