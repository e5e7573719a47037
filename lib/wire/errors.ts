import { forVisitors, toMemwellError, type ErrorCode, type ErrorRecord } from "../errors";

/** OpenAI's names for kinds of error (https://platform.openai.com/docs/guides/error-codes). */
export type ErrorType = "invalid_request_error" | "permission_error" | "not_found_error" | "server_error";

/** What every failed call answers. `param` is OpenAI's name of `parameter`. */
export interface ErrorBody {
  error: { code: ErrorCode; message: string; type: ErrorType; param?: string } & Record<string, unknown>;
}

/** A record, so that a new code does not compile until it has a status. */
const STATUS: Record<ErrorCode, number> = {
  invalid_json: 400,
  invalid_request: 400,
  unsupported_parameter: 400,
  request_too_large: 413,
  model_not_found: 404,
  context_length_exceeded: 400,
  invalid_schema: 400,
  // A wrong setting is the server's mistake, not the caller's.
  invalid_setting: 500,
  admin_only: 403,
  cross_site: 403,
  not_found: 404,
  // Something else is under way with the same thing: wait for it or stop it, then ask again.
  conflict: 409,
  model_file_missing: 500,
  model_file_invalid: 500,
  model_unsupported: 500,
  adapter_invalid: 500,
  state_file_invalid: 500,
  cache_not_found: 404,
  cache_invalid: 500,
  cache_in_use: 409,
  // The cache has changed since the plan was shown: make the plan again.
  plan_stale: 409,
  repo_not_found: 404,
  revision_not_found: 404,
  file_not_found: 404,
  // The Hub's own refusals are not this server's: 401 and 429 here would ask the caller for something else.
  hub_unauthorized: 502,
  repo_gated: 502,
  hub_rate_limited: 503,
  hub_unavailable: 503,
  hub_refused: 502,
  hub_offline: 503,
  download_corrupt: 502,
  disk_full: 507,
  engine_start_failed: 500,
  engine_start_timeout: 504,
  engine_crashed: 502,
  engine_protocol: 502,
  engine_overloaded: 503,
  engine_stopped: 503,
  engine_closed: 503,
  // "Insufficient storage": asking again does not help, unlike 503.
  memory_exceeded: 507,
  queue_full: 503,
  tool_arguments_invalid: 400,
  tool_failed: 500,
  // nginx's "client closed request": nobody is left to read it, but it stands in access logs.
  aborted: 499,
  internal: 500,
};

/** Names an error's own fields may not take. */
const TAKEN = new Set(["code", "message", "type", "param", "stack", "cause"]);

/** The HTTP status that an error answers with. */
export function httpStatusOf(code: ErrorCode): number {
  return STATUS[code] ?? 500;
}

/**
 * Whatever was thrown, as a record. A `MemwellError` is known by its shape, not its class: the web server's bundles each
 * hold a copy of the class, and the runtime throws that of the bundle which made it.
 */
export function errorRecordOf(thrown: unknown): ErrorRecord {
  if (isErrorRecord(thrown)) return { code: thrown.code, message: thrown.message, fields: thrown.fields };
  return toMemwellError(thrown).toRecord();
}

/** Whatever was thrown, as the body of an error answer; never a stack trace, nor where a model's files are. */
export function errorBody(thrown: unknown): ErrorBody {
  const error = forVisitors(errorRecordOf(thrown));
  const fields = plainFields(error.fields);
  const { parameter } = fields;
  return {
    error: {
      ...fields,
      code: error.code,
      message: error.message,
      type: typeOf(httpStatusOf(error.code)),
      ...(typeof parameter === "string" && { param: parameter }),
    },
  };
}

function isErrorRecord(value: unknown): value is ErrorRecord {
  if (typeof value !== "object" || value === null) return false;
  const { code, message, fields } = value as Partial<ErrorRecord>;
  return (
    typeof code === "string" &&
    Object.hasOwn(STATUS, code) &&
    typeof message === "string" &&
    typeof fields === "object" &&
    fields !== null
  );
}

function typeOf(status: number): ErrorType {
  if (status === 404) return "not_found_error";
  if (status === 403) return "permission_error";
  return status < 500 ? "invalid_request_error" : "server_error";
}

/** Fields as JSON can carry them; an error among them would bring its stack. */
function plainFields(fields: Record<string, unknown>): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (TAKEN.has(name) || value instanceof Error || typeof value === "function" || typeof value === "symbol") continue;
    plain[name] = typeof value === "bigint" ? Number(value) : value;
  }
  return plain;
}
