import { domainPolicy } from "../../../decisions/domain";
import type { DecisionQuestion } from "../../../decisions/contract";

/** Names of domains are their owner's: what they mean has to be in the name. */
export const domainQuestion = (domains: readonly string[]): DecisionQuestion => ({
  ...domainPolicy(domains),
  version: 1,
  definedInPlace: true,
  full: `the field that the student's message is from, one of ${domains.join(", ")}; or general for school subjects, small talk, and whatever is from none of them`,
  compact: `${domains.join(", ")}, or general`,
});
