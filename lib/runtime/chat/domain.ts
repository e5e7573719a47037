import { NO_DOMAIN } from "../../config";
import type { StoredMessage } from "../../store";
import { unknownDomain } from "../domains";

/** @throws MemwellError `invalid_request` for a domain that is neither known nor `none` */
export function checkDomain(asked: string | undefined, known: readonly string[]): void {
  if (asked !== undefined && asked !== NO_DOMAIN && !known.includes(asked)) throw unknownDomain(asked, known);
}

/**
 * The domain of a turn: the one asked for, or else that of the answer before it, so that a conversation stays in its domain
 * until it is told otherwise. One that is no longer configured is forgotten.
 *
 * @param before the answer that this one follows, or is to be given once more
 */
export function domainOfTurn(
  asked: string | undefined,
  before: StoredMessage | undefined,
  known: readonly string[],
): string | undefined {
  const domain = asked ?? storedDomain(before?.extra);
  return domain !== undefined && known.includes(domain) ? domain : undefined;
}

/** The domain that an answer was given in, from what is kept with it. */
export function storedDomain(extra: unknown): string | undefined {
  if (typeof extra !== "object" || extra === null || !("domain" in extra)) return undefined;
  return typeof extra.domain === "string" ? extra.domain : undefined;
}
