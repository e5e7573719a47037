import { MemwellError } from "../errors";
import { pathText, shortValue, type Path } from "./paths";

/** `invalid_request`: a value that a known parameter does not take. `allowed` reads on from "allowed: ". */
export function valueRefusal(path: Path, given: unknown, allowed: string): MemwellError {
  const parameter = path.length === 0 ? "the body" : pathText(path);
  const shown = shortValue(given);
  return new MemwellError("invalid_request", `${parameter} is ${shown}; allowed: ${allowed}.`, {
    parameter,
    given: shown,
    allowed,
  });
}

/** `unsupported_parameter`: something Memwell does not do, named by its path; it is never silently ignored. */
export function parameterRefusal(path: Path, given: unknown): MemwellError {
  const parameter = pathText(path);
  const shown = shortValue(given);
  return new MemwellError(
    "unsupported_parameter",
    `${parameter} (given: ${shown}) is not supported by Memwell: leave it out of the request.`,
    { parameter, given: shown },
  );
}

/** `invalid_schema`: a part of a JSON schema that no grammar could enforce, named by its path. */
export function schemaRefusal(path: Path, problem: string): MemwellError {
  const parameter = pathText(path);
  return new MemwellError("invalid_schema", `${parameter} ${problem}.`, { parameter });
}
