import { describe, expect, it } from "vitest";
import type { Decision } from "../../../lib/agent";
import { NOTHING_WANTED } from "../../../training/data/scene";
import { decisionMarks, ratesOfDecisions, ratesOfRules } from "../../../training/eval/decision-marks";
import type { HeardTurn } from "../../../training/eval/hear";

const decided = (id: Decision["id"], answer: string, source: Decision["source"]): Decision => ({
  id,
  answer,
  source,
  probability: source === "model" ? 0.9 : null,
  reason: null,
  switches: [],
});
const heard = (...decisions: Decision[]) => ({ decisions }) as HeardTurn;
const asked = {
  message: "quiz me on slope",
  history: [],
  truth: { ...NOTHING_WANTED, practice: "yes", teaching: "practice" },
  labels: "composed" as const,
  domain: null,
  domains: [],
};

describe("the decisions of a turn", () => {
  it("count as right or wrong by who decided; what was known without asking is counted apart", () => {
    const turn = heard(
      decided("followup", "no", "rule"),
      decided("practice", "yes", "model"),
      decided("teaching", "guide", "model"),
      decided("chart", "no", "rule"),
    );
    const marks = decisionMarks(turn, asked);
    expect(marks.map(({ question, source }) => [question, source])).toEqual([
      ["followup", "known"],
      ["practice", "model"],
      ["teaching", "model"],
      ["chart", "rule"],
    ]);
    expect(ratesOfDecisions(marks)).toEqual([
      ["decisions_known", true],
      ["decisions", true],
      ["decisions_by_model", true],
      ["decisions", false],
      ["decisions_by_model", false],
      ["decisions", true],
      ["decisions_by_model", null],
    ]);
  });

  it("are only compared with the rules where these said what is right, and the model decided", () => {
    const turn = heard(decided("practice", "no", "model"), decided("chart", "no", "rule"));
    const byRule = { ...asked, labels: "rule" as const };
    expect(ratesOfDecisions(decisionMarks(turn, byRule))).toEqual([["decisions_agree", false]]);
    expect(ratesOfRules(byRule)).toEqual([]);
  });

  it("are compared with the topic's domain where one was to be chosen, or with none where it could not be", () => {
    const turn = heard(decided("domain", "business", "model"), decided("chart", "no", "rule"));
    const given = { ...asked, message: "what is a margin", labels: "rule" as const, domain: "business" };
    const domains = ["business", "creative"];
    expect(decisionMarks(turn, { ...given, domains })).toMatchObject([
      { question: "domain", labels: "composed", source: "model", truth: "business", decided: "business" },
      { question: "chart", labels: "rule" },
    ]);
    expect(ratesOfDecisions(decisionMarks(turn, { ...given, domains }))).toEqual([
      ["decisions", true],
      ["decisions_by_model", true],
    ]);
    expect(ratesOfRules({ ...given, domains })).toEqual([["decisions_by_rules_alone", false]]);
    expect(decisionMarks(turn, { ...given, domains: ["creative"] })).toMatchObject([{ truth: "general" }, {}]);
  });

  it("stand beside what the rules alone would have decided", () => {
    // All but the one that is known: no practice question waits for an answer.
    expect(ratesOfRules(asked)).toEqual(Array.from({ length: 4 }, () => ["decisions_by_rules_alone", true]));
    const vague = { ...asked, message: "let slope be the subject of a little contest" };
    expect(ratesOfRules(vague).filter(([, isSo]) => isSo === false)).toHaveLength(2);
  });
});
