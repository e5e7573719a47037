import type { TurnRequest } from "../../agent";
import type { StoredMessage } from "../../store";
import { domainRequest } from "../domains";

/**
 * The domain of a turn: what was asked for, or else that of the answer before it, so that a conversation stays in its domain
 * until it is told otherwise. One that is no longer configured is forgotten.
 *
 * @param before the answer that this one follows, or is to be given once more
 * @throws MemwellError `invalid_request` when what was asked for is no domain
 */
export function domainOfTurn(
  asked: string | undefined,
  before: StoredMessage | undefined,
  known: readonly string[],
): Pick<TurnRequest, "domain" | "domains"> {
  if (asked !== undefined) return domainRequest(asked, known);
  const domain = storedDomain(before?.extra);
  return { domain: domain !== undefined && known.includes(domain) ? domain : undefined };
}

/** The domain that an answer was given in, from what is kept with it. */
export function storedDomain(extra: unknown): string | undefined {
  if (typeof extra !== "object" || extra === null || !("domain" in extra)) return undefined;
  return typeof extra.domain === "string" ? extra.domain : undefined;
}
