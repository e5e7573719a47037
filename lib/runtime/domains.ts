import type { TurnRequest } from "../agent";
import { AUTO_DOMAIN, NO_DOMAIN } from "../config";
import { MemwellError } from "../errors";
import type { RegisteredModel } from "./model-registry";

/** The names of the domains, in the order of the settings. */
export function domainsOf(registered: readonly RegisteredModel[]): string[] {
  return registered.flatMap(({ domain }) => domain ?? []);
}

/** @throws MemwellError `invalid_request` naming those there are */
export function modelOfDomain(domain: string, registered: readonly RegisteredModel[]): RegisteredModel {
  const found = registered.find((model) => model.domain === domain);
  if (found !== undefined) return found;
  throw unknownDomain(domain, domainsOf(registered));
}

/**
 * What a turn asks for as the agent takes it.
 *
 * @param asked a domain's name, `none`, or `auto` for the one that the message is about
 * @throws MemwellError `invalid_request` for a domain that is none of these
 */
export function domainRequest(
  asked: string | undefined,
  known: readonly string[],
): Pick<TurnRequest, "domain" | "domains"> {
  if (asked === undefined || asked === NO_DOMAIN) return { domain: undefined };
  if (asked === AUTO_DOMAIN) return { domain: undefined, domains: known };
  if (!known.includes(asked)) throw unknownDomain(asked, known);
  return { domain: asked };
}

function unknownDomain(domain: string, known: readonly string[]): MemwellError {
  const shown = domain.slice(0, 200);
  const advice =
    known.length === 0
      ? "None is configured: leave domain out, or name adapters in MEMWELL_DOMAINS."
      : `Ask for one of: ${known.join(", ")}; for ${AUTO_DOMAIN}, to have one chosen; or leave domain out.`;
  return new MemwellError("invalid_request", `There is no domain ${JSON.stringify(shown)}. ${advice}`, {
    parameter: "domain",
    domain: shown,
    known,
  });
}
