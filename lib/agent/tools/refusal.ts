import { MemwellError } from "../../errors";

/** The error for arguments that a tool cannot take. `allowed` completes the sentence "FIELD must be ...". */
export function refusedArgument(tool: string, field: string, allowed: string, why?: string): MemwellError {
  const reason = why === undefined ? "" : ` (${why})`;
  return new MemwellError("tool_arguments_invalid", `The ${field} of ${tool} must be ${allowed}${reason}.`, {
    tool,
    field,
    allowed,
  });
}

/** The error for a tool that could not do what it was asked. `message` says why, and what to do instead. */
export function failedTool(tool: string, message: string, cause?: unknown): MemwellError {
  return new MemwellError("tool_failed", message, { tool }, cause === undefined ? {} : { cause });
}

export function abortedTool(tool: string): MemwellError {
  return new MemwellError("aborted", `The ${tool} tool was stopped. Send the message again when you need it.`, {
    tool,
  });
}

export function isObject(written: unknown): written is Record<string, unknown> {
  return typeof written === "object" && written !== null && !Array.isArray(written);
}
