export { buildDecisionPrompts, questionsOf } from "./build-prompts";
export { chartPolicy } from "./chart";
export { clarityPolicy } from "./clarity";
export type { Decision, DecisionId, DecisionPolicy, DecisionPrompts, DecisionQuestion, KnownAnswer } from "./contract";
export { chosenDomain, domainPolicy, GENERAL } from "./domain";
export { followupPolicy } from "./followup";
export { practicePolicy } from "./practice";
export { applyDecisions, decideByRule, knownDecision, readDecision } from "./read-decision";
export { teachingPolicy } from "./teaching";
