import { AUTO_DOMAIN, NO_DOMAIN } from "../../lib/config";
import { MemwellError } from "../../lib/errors";

/** In which domains an evaluation is run. */
export interface AskedDomain {
  /** What each turn asks for; null: nothing. */
  setting: string | null;
  /** The one whose adapter alone is asked; null: the base. */
  only: string | null;
  /** Those that each turn chooses from. */
  choices: readonly string[];
}

/**
 * @param asked `none`, `auto`, or a domain's name; null: `auto` where there are domains, as on the page
 * @param known those that are configured
 * @throws MemwellError `invalid_request` for a domain that is not
 */
export function askedDomain(asked: string | null, known: readonly string[]): AskedDomain {
  const setting = asked ?? (known.length > 0 ? AUTO_DOMAIN : NO_DOMAIN);
  if (setting === NO_DOMAIN) return { setting: null, only: null, choices: [] };
  if (setting === AUTO_DOMAIN) return { setting, only: null, choices: known };
  if (!known.includes(setting)) throw unknownDomain(setting, known);
  return { setting, only: setting, choices: [] };
}

function unknownDomain(domain: string, known: readonly string[]): MemwellError {
  const names = known.length === 0 ? "there are none" : `there are: ${known.join(", ")}`;
  return new MemwellError(
    "invalid_request",
    `No domain "${domain}" is configured; ${names}. Name its adapter in MEMWELL_DOMAINS.`,
    { domain, known },
  );
}
