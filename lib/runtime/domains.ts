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

export function unknownDomain(domain: string, known: readonly string[]): MemwellError {
  const shown = domain.slice(0, 200);
  const advice =
    known.length === 0
      ? "None is configured: leave domain out, or name adapters in MEMWELL_DOMAINS."
      : `Ask for one of: ${known.join(", ")}; or leave domain out.`;
  return new MemwellError("invalid_request", `There is no domain ${JSON.stringify(shown)}. ${advice}`, {
    parameter: "domain",
    domain: shown,
    known,
  });
}
