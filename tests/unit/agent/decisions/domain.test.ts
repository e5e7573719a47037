import { describe, expect, it } from "vitest";
import {
  buildDecisionPrompts,
  chosenDomain,
  decideByRule,
  questionsOf,
  readDecision,
} from "../../../../lib/agent/decisions";
import type { HistoryTurn } from "../../../../lib/agent/message";
import { LIBRARIES, libraryNamed } from "../../../../lib/agent/prompts";
import { estimateTokens, TEXT_BUDGETS } from "../../../../lib/agent/prompts/budgets";
import { conversation, render, turnOf } from "../prompts/helpers";

const tutor = libraryNamed("tutor");
const domains = ["education", "business", "healthcare", "creative", "leadership"];
const question = tutor.domain(domains);
const QUESTION = "Question: What is a margin?\nA) Cost\nB) What is left\nChoose one.";

const after = (domain: string | null | undefined, answer = "A margin is what is left."): HistoryTurn[] => [
  { message: "What is a margin?", answer, ...(domain !== undefined && { domain }) },
];
const knownOf = (message: string, history: HistoryTurn[]) => question.known(turnOf(message, history))?.answer ?? null;
const scored = (...shares: [string, number][]) => shares.map(([answer, share]) => ({ answer: ` ${answer}`, share }));

describe("the question which domain a turn is for", () => {
  it("is asked last, and only where there are domains to choose from", () => {
    const ids = (options?: { domains: string[] }) =>
      buildDecisionPrompts(tutor, "full", turnOf("What is a margin?"), options).questions.map(({ id }) => id);
    expect(ids({ domains })).toEqual([...ids(), "domain"]);
    expect(ids({ domains: [] })).toEqual(ids());
    expect(questionsOf(tutor, []).map(({ id }) => id)).not.toContain("domain");
  });

  it.each(LIBRARIES.flatMap(({ name }) => (["full", "compact"] as const).map((form) => [name, form] as const)))(
    "is defined in itself and leaves all other prompts as they are: %s, %s",
    (name, form) => {
      const library = libraryNamed(name);
      const without = buildDecisionPrompts(library, form, turnOf("What is a margin?", conversation(2)));
      const asked = buildDecisionPrompts(library, form, turnOf("What is a margin?", conversation(2)), { domains });
      expect(asked.shared).toEqual(without.shared);
      expect(asked.questions.slice(0, -1)).toEqual(without.questions);
      const last = asked.questions.at(-1);
      const cue = render(last?.messages ?? []).slice(render(asked.shared).length);
      expect(cue).toMatch(/^domain \([^\n]+\):$/);
      for (const domain of [...domains, "general"]) expect(cue).toMatch(new RegExp(`\\b${domain}\\b`));
      expect(last?.answers).toEqual([...domains, "general"].map((domain) => ` ${domain}`));
      expect(estimateTokens(cue)).toBeLessThanOrEqual(TEXT_BUDGETS.question[form] + domains.join().length);
    },
  );

  it("scores a name that begins another one with its end, so that it is not likelier for being shorter", () => {
    const { questions } = buildDecisionPrompts(tutor, "compact", turnOf("What is a margin?"), {
      domains: ["art", "art-history", "gene"],
    });
    expect(questions.at(-1)?.answers).toEqual([" art\n", " art-history", " gene\n", " general"]);
    const read = [" art\n", " art-history"].map((answer, index) => ({ answer, share: index === 0 ? 0.9 : 0.1 }));
    expect(readDecision(tutor.domain(["art", "art-history"]), read, turnOf("Who was Giotto?")).answer).toBe("art");
  });

  it.each([
    ["a greeting", "Hello!", after("business"), "general"],
    ["thanks", "thanks a lot", after("business"), "general"],
    ["a sum", "2 + 2", [], "general"],
    ["a follow-up", "why?", after("business"), "business"],
    ["a follow-up without a domain before", "why?", after(null), "general"],
    ["a follow-up in whole words", "I don't get it, can you say it simpler?", after("business"), "business"],
    ["a request for the next question", "another question please", after("business"), "business"],
    ["nothing but a mark", "?", after("business"), "business"],
    ["an answer to practice", "B", after("business", QUESTION), "business"],
    ["an answer from the page's controls", "My answer: B", after("business", QUESTION), "business"],
    ["an option in its words", "I think it is what is left", after("creative", QUESTION), "creative"],
    ["a new subject", "How do I plan a budget?", after("creative"), null],
    ["a new subject instead of an answer", "What is a plot?", after("business", QUESTION), null],
    ["a follow-up of nobody knows where", "why?", after(undefined), null],
    ["a follow-up in a domain that is gone", "why?", after("law"), null],
    ["a first message that could go on", "why?", [], null],
    ["a subject alone", "What is a margin?", [], null],
  ])("is known or not by rule: %s", (_name, message, history, answer) =>
    expect(knownOf(message, history)).toBe(answer),
  );

  it("is answered by the model where it is sure, and else with no domain", () => {
    const turn = turnOf("What is a margin?", after("creative"));
    expect(readDecision(question, scored(["business", 0.8], ["general", 0.1]), turn)).toMatchObject({
      answer: "business",
      source: "model",
      switches: [],
    });
    expect(readDecision(question, scored(["business", 0.5], ["creative", 0.45]), turn)).toMatchObject({
      answer: "general",
      source: "rule",
    });
    expect(decideByRule(question, turn, "the model is gone")).toMatchObject({ answer: "general", source: "rule" });
  });

  it("chooses a domain, or none", () => {
    const decided = (answer: string) => [
      { id: "chart", answer: "no" },
      { id: "domain", answer },
    ];
    expect(chosenDomain(decided("business"))).toBe("business");
    expect(chosenDomain(decided("general"))).toBeNull();
    expect(chosenDomain([{ id: "chart", answer: "no" }])).toBeNull();
  });
});
