import { describe, expect, it } from "vitest";
import {
  applyDecisions,
  buildDecisionPrompts,
  decideByRule,
  readDecision,
  type DecisionId,
  type DecisionQuestion,
} from "../../../../lib/agent/decisions";
import type { HistoryTurn } from "../../../../lib/agent/message";
import { initialState, LIBRARIES, libraryNamed, switchesOf, withSwitches } from "../../../../lib/agent/prompts";
import { MemwellError } from "../../../../lib/errors";
import { conversation, render, turnOf } from "../prompts/helpers";

const tutor = libraryNamed("tutor");
const plain = libraryNamed("plain");
const PRACTICE: HistoryTurn = {
  message: "quiz me",
  answer: "Question: What is 7 * 8?\nA) 54\nB) 56\nC) 58\nD) 64\nChoose one.",
};
const WRITTEN: HistoryTurn = { message: "quiz me", answer: "Question: What is 7 * 8?\nWrite your answer." };

function questionOf(id: DecisionId): DecisionQuestion {
  const found = tutor.decisions.find((question) => question.id === id);
  if (found === undefined) throw new Error(`no question ${id}`);
  return found;
}

/** Shares with one answer ahead: the rest is spread over the others. */
function scoredFor(question: DecisionQuestion, answer: string, share: number) {
  const answers = Object.keys(question.answers);
  return answers.map((one) => ({
    answer: ` ${one}`,
    share: one === answer ? share : (1 - share) / (answers.length - 1),
  }));
}

describe("a decision that the model is sure of", () => {
  it.each([
    ["chart", "yes", ["TOOL_USE_ENHANCEMENT"]],
    ["chart", "no", []],
    ["practice", "yes", ["STRUCTURE_PRACTICE_QUESTIONS"]],
    ["practice", "no", []],
    ["clarity", "vague", ["VAGUE_INPUT"]],
    ["clarity", "unclear", ["USER_UNDERSTANDING"]],
    ["clarity", "both", ["VAGUE_INPUT", "USER_UNDERSTANDING"]],
    ["clarity", "neither", []],
    ["followup", "yes", ["PRACTICE_QUESTION_FOLLOWUP"]],
    ["followup", "no", []],
    ["teaching", "guide", ["GUIDING_TEACHING"]],
    ["teaching", "practice", ["STRUCTURE_PRACTICE_QUESTIONS"]],
    ["teaching", "both", ["GUIDING_TEACHING", "STRUCTURE_PRACTICE_QUESTIONS"]],
    ["teaching", "neither", []],
  ] as const)("%s: %s turns on %j", (id, answer, switches) => {
    const question = questionOf(id);
    const decision = readDecision(question, scoredFor(question, answer, 0.91), turnOf("Why did Rome fall?"));
    expect(decision).toEqual({ id, answer, probability: 0.91, source: "model", reason: null, switches });
    expect(switchesOf(applyDecisions(initialState(), [decision]))).toEqual(switches);
  });
});

describe("a decision that the model is not sure of", () => {
  it.each([
    ["chart", "draw a bar chart of 3, 5, 9 and explain it", [], "yes"],
    ["chart", "Why did Rome fall?", [], "no"],
    ["practice", "quiz me on Rome", [], "yes"],
    ["practice", "Why did Rome fall?", [], "no"],
    ["clarity", "help me", [], "vague"],
    ["clarity", "explain it", [], "vague"],
    ["clarity", "explain it", conversation(1), "neither"],
    ["clarity", "I don't get fractions", [], "unclear"],
    ["clarity", "Why did Rome fall?", [], "neither"],
    ["followup", "B", [PRACTICE], "yes"],
    ["followup", "I think it's 56", [PRACTICE], "yes"],
    ["followup", "What is a product?", [PRACTICE], "no"],
    ["followup", "6 * 7 = 42", [WRITTEN], "yes"],
    ["followup", "B", [PRACTICE, ...conversation(1)], "no"],
    ["teaching", "do my homework", [], "guide"],
    ["teaching", "quiz me", [], "practice"],
    ["teaching", "walk me through fractions, then quiz me", [], "both"],
    ["teaching", "Why did Rome fall?", [], "neither"],
  ] as const)("is the rule's, and says so: %s for %j", (id, message, history, answer) => {
    const question = questionOf(id);
    const turn = turnOf(message, [...history]);
    const [first] = Object.keys(question.answers);
    const even = 1 / Object.keys(question.answers).length;
    const decision = readDecision(question, scoredFor(question, first ?? "", even), turn);
    expect(decision).toMatchObject({ id, answer, source: "rule", switches: question.answers[answer] });
    expect(decision.probability).toBeCloseTo(even);
    expect(decision.reason).toMatch(/\d+ %/);
    expect(decideByRule(question, turn, "the model is gone")).toMatchObject({
      answer,
      source: "rule",
      probability: null,
      reason: "the model is gone",
    });
  });

  it.each(tutor.decisions.map((question) => [question.id, question] as const))(
    "begins just below the threshold of %s",
    (_id, question) => {
      const [best, other, ...others] = Object.keys(question.answers);
      const shares = (first: number, second: number) =>
        [best, other, ...others].map((answer, index) => ({
          answer: answer ?? "",
          share: [first, second][index] ?? (1 - first - second) / others.length,
        }));
      const { share, lead } = question.threshold;
      const source = (first: number, second: number) =>
        readDecision(question, shares(first, second), turnOf("Hm, Rome?")).source;
      const enough = Math.max(share, (1 + lead) / 2);
      expect(source(enough + 0.01, 1 - enough - 0.01)).toBe("model");
      expect(source(share - 0.01, 0)).toBe("rule");
      expect(source(0.5 + lead / 2 - 0.01, 0.5 - lead / 2 + 0.01)).toBe("rule");
    },
  );

  it("is one whose figures are no numbers", () => {
    const scored = scoredFor(questionOf("chart"), "yes", Number.NaN);
    expect(readDecision(questionOf("chart"), scored, turnOf("Rome?"))).toMatchObject({ source: "rule", answer: "no" });
  });

  it.each([[[]], [[{ answer: "perhaps", share: 1 }]], [[{ answer: "toString", share: 1 }]]])(
    "is not one of other answers than its own: %j",
    (scored) => expect(() => readDecision(questionOf("chart"), scored, turnOf("Rome?"))).toThrow(MemwellError),
  );
});

describe("what is asked", () => {
  it.each<[string, string, HistoryTurn[], DecisionId[]]>([
    ["a question", "Why did Rome fall?", [], ["chart", "practice", "clarity", "teaching"]],
    ["a question after others", "And then?", conversation(2), ["chart", "practice", "clarity", "teaching"]],
    ["an answer to practice", "B", [PRACTICE], ["chart", "practice", "clarity", "followup", "teaching"]],
    ["an answer from the page's controls", "My answer: B", [PRACTICE], ["chart", "practice", "clarity", "teaching"]],
    ["a sum for an answer to practice", "7 * 8", [WRITTEN], ["followup"]],
    ["an answer two turns late", "B", [PRACTICE, ...conversation(1)], ["chart", "practice", "clarity", "teaching"]],
    ["a greeting", "Hello!", [], []],
    ["thanks after practice", "thanks", [PRACTICE], []],
    ["a chart and nothing else", "draw a bar chart of 3, 5, 9", [PRACTICE], []],
    ["a sum", "2 + 2", [], []],
  ])("about %s", (_name, message, history, ids) => {
    const { questions, known } = buildDecisionPrompts(tutor, "full", turnOf(message, history));
    expect(questions.map(({ id }) => id)).toEqual(ids);
    expect([...questions, ...known].map(({ id }) => id).sort()).toEqual(tutor.decisions.map(({ id }) => id).sort());
    for (const decision of known) expect(decision).toMatchObject({ source: "rule", probability: null });
  });

  it("is nothing where a chart is all that is wanted, which is then known", () => {
    const { known } = buildDecisionPrompts(tutor, "full", turnOf("draw a bar chart of 3, 5, 9"));
    expect(switchesOf(applyDecisions(initialState(), known))).toEqual(["TOOL_USE_ENHANCEMENT"]);
    expect(known[0]?.reason).toContain("numbers to draw");
  });

  it.each(["My answer: A, C", "My answer: I don't know", "my answer: is it light?"])(
    "is not whether %j answers the practice question before it",
    (message) => {
      const { known } = buildDecisionPrompts(tutor, "full", turnOf(message, [PRACTICE]));
      expect(known.find(({ id }) => id === "followup")).toMatchObject({ answer: "yes" });
    },
  );

  it("is less of the plain assistant", () => {
    const { questions } = buildDecisionPrompts(plain, "full", turnOf("Why did Rome fall?"));
    expect(questions.map(({ id }) => id)).toEqual(["chart", "clarity"]);
  });
});

describe.each(
  LIBRARIES.flatMap((library) => (["full", "compact"] as const).map((form) => [library.name, form] as const)),
)("the decisions' prompts of %s in the %s form", (name, form) => {
  const library = libraryNamed(name);
  const build = (message: string, history: HistoryTurn[]) =>
    buildDecisionPrompts(library, form, turnOf(message, history));

  it("are the same byte by byte up to the question's own word, and that is all that follows", () => {
    const { shared, questions } = build("Why did Rome fall?", [PRACTICE]);
    const prefix = render(shared);
    for (const { id, messages, answers } of questions) {
      expect(render(messages)).toBe(`${prefix}${id}:`);
      expect(answers.every((answer) => /^ \w+$/.test(answer))).toBe(true);
    }
  });

  it("begin with instructions that are the same in all conversations", () => {
    const turns = [build("hello", []), build("Why?", conversation(7)), build("B", [PRACTICE])];
    const fixed = turns.map(({ shared, staticMessages }) => JSON.stringify(shared.slice(0, staticMessages)));
    expect(new Set(fixed).size).toBe(1);
    for (const { shared, staticMessages } of turns) expect(shared.length).toBeGreaterThan(staticMessages);
  });

  it("go on in the next turn from where this one was", () => {
    const [first, second] = conversation(2);
    const open = (message: string, history: HistoryTurn[]) =>
      render(build(message, history).shared).replace(/<\/user><assistant>$/, "");
    const now = open(second?.message ?? "", first ? [first] : []);
    expect(open("And then?", conversation(2)).startsWith(now)).toBe(true);
  });

  it("let user and assistant speak in turn", () => {
    for (const { messages } of build("Why did Rome fall?", conversation(3)).questions)
      expect(messages.map(({ role }) => role)).toEqual(["system", "user", "assistant"]);
  });
});

describe("decisions", () => {
  it("add their switches to those that are on", () => {
    const state = withSwitches(initialState(), "GENERAL_FORMATTING");
    const switches = (names: ("VAGUE_INPUT" | "GUIDING_TEACHING")[]) => ({ switches: names });
    const after = applyDecisions(state, [switches(["VAGUE_INPUT"]), switches([]), switches(["GUIDING_TEACHING"])]);
    expect(switchesOf(after)).toEqual(["VAGUE_INPUT", "GENERAL_FORMATTING", "GUIDING_TEACHING"]);
    expect(applyDecisions(state, [])).toEqual(state);
  });
});
