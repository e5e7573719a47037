import { valueRefusal } from "./refusals";

const MOST_CHARACTERS = 500;

/**
 * A text of a query; an empty one counts as not given.
 *
 * @throws MemwellError `invalid_request`
 */
export function queryText(parameters: URLSearchParams, name: string): string | undefined {
  const given = parameters.get(name) || undefined;
  if (given !== undefined && given.length > MOST_CHARACTERS)
    throw valueRefusal([name], given, `a text of up to ${MOST_CHARACTERS} characters`);
  return given;
}

/**
 * A whole number of a query; an empty one counts as not given.
 *
 * @throws MemwellError `invalid_request`
 */
export function queryNumber(
  parameters: URLSearchParams,
  name: string,
  least: number,
  most: number,
): number | undefined {
  const given = parameters.get(name) || undefined;
  if (given === undefined) return undefined;
  const count = /^\d{1,16}$/.test(given) ? Number(given) : NaN;
  if (count >= least && count <= most) return count;
  throw valueRefusal([name], given, `a whole number from ${least} to ${most}`);
}
