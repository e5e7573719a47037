import { createGraph, parsePracticeQuestion, type TurnRequest } from "../../lib/agent";
import type { Runtime } from "../../lib/runtime";
import { NOTHING_WANTED, type Truth } from "../data/scene";
import { attempt, questionText } from "../data/scenes/practice-text";
import type { CalculationCase, ChartCase, EvalCase, PracticeCase, TopicCase } from "./case";
import { decisionMarks, ratesOfDecisions, ratesOfRules, type DecisionMark, type Judged } from "./decision-marks";
import { diceOf } from "./dice-of";
import { HELD_OUT_ANSWERS } from "./frames";
import { asHistory, hear, type HeardTurn } from "./hear";
import { formProblems, type FormProblem } from "./measures/form";
import type { Judge } from "./measures/judge";
import { declines, namesOneOf } from "./measures/refusal";
import { readVerdict } from "./measures/verdict";
import { numbersOf } from "./measures/words";
import type { Mark } from "./rates";

export interface CaseResult {
  id: string;
  kind: EvalCase["kind"];
  turns: HeardTurn[];
  form: FormProblem[];
  decisions: DecisionMark[];
  marks: Mark[];
}

/** What cases are run with. */
export interface Bench {
  runtime: Runtime;
  judge: Judge;
  /** Names of all topics, one of which a tutor that declines should tell. */
  topicNames: readonly string[];
  seed: number;
  /** Those that each turn chooses from; none where it is not asked to. */
  domains: readonly string[];
  settings: Pick<TurnRequest, "sampling" | "maxTokens" | "domain">;
  signal: AbortSignal;
}

const ANSWERED: Truth = { ...NOTHING_WANTED, followup: "yes" };

/**
 * Asks a case, all of its turns, and marks what came of it.
 *
 * @throws MemwellError `aborted`; a turn that fails is marked as one
 */
export async function runCase(bench: Bench, one: EvalCase): Promise<CaseResult> {
  const result: CaseResult = { id: one.id, kind: one.kind, turns: [], form: [], decisions: [], marks: [] };
  const heard = await askTurn(bench, result, {
    message: one.message,
    history: [],
    truth: one.truth,
    labels: one.labels,
    domain: one.domain,
  });
  result.marks.push(...(await marksOf(bench, result, one, heard)));
  return result;
}

async function marksOf(bench: Bench, result: CaseResult, one: EvalCase, heard: HeardTurn): Promise<Mark[]> {
  const { judge } = bench;
  switch (one.kind) {
    case "practice":
      return [answered(heard), ...(await practise(bench, result, one, heard))];
    case "unknown": {
      const isDeclined = declines(heard.text);
      return [
        ["unknown_declined", isDeclined],
        ["unknown_names_topics", isDeclined && namesOneOf(heard.text, bench.topicNames)],
      ];
    }
    case "talk":
      return [["talk_fits", judge.ofTalk(heard.text, one.talk)]];
    case "chart":
      return [["chart_drawn", isDrawn(one, heard)]];
    case "calculation":
      return [["calculation_said", isSaid(one, heard)]];
    default:
      return [answered(heard), ...topicMarks(judge, one, heard)];
  }
}

/** One turn, with what every turn is marked for. */
async function askTurn(
  { runtime, settings, signal, domains }: Bench,
  result: CaseResult,
  given: Omit<Judged, "domains">,
): Promise<HeardTurn> {
  const asked = { ...given, domains };
  const heard = await hear(runtime, { ...settings, message: asked.message, history: asked.history }, { signal });
  const problems = formProblems(heard);
  const decisions = decisionMarks(heard, asked);
  result.turns.push(heard);
  result.form.push(...problems);
  result.decisions.push(...decisions);
  result.marks.push(["well_formed", problems.length === 0], ...ratesOfDecisions(decisions), ...ratesOfRules(asked));
  return heard;
}

function answered({ text }: HeardTurn): Mark {
  return ["known_answered", text !== "" && !declines(text)];
}

const EXPECTED = { explain: "explanation", confused: "simpler", homework: "first_step" } as const;

function topicMarks(judge: Judge, { kind, topic }: TopicCase, { text }: HeardTurn): Mark[] {
  const { onTopic, correct, asAsked, wordForWord } = judge.ofTopic(text, topic, EXPECTED[kind]);
  return [
    ["on_topic", onTopic],
    ["correct", correct],
    ["as_asked", asAsked],
    ["word_for_word", wordForWord],
  ];
}

/** The question that was set, then a right answer and a wrong one to it, each in a turn of its own. */
async function practise(bench: Bench, result: CaseResult, one: PracticeCase, heard: HeardTurn): Promise<Mark[]> {
  const { judge, seed } = bench;
  const found = parsePracticeQuestion(heard.text);
  const set = found === null ? null : judge.ofQuestion(heard.text.slice(found.start, found.end), one.topic);
  const marks: Mark[] = [
    ["practice_form", found !== null],
    ["practice_on_topic", set?.onTopic ?? false],
  ];
  // Whoever was taught these questions must set one of them; of a question in other words nobody knows the answer, and one of
  // the curriculum stands in its place.
  if (set?.known == null && judge.measure === "taught") return [...marks, ...ungraded()];
  const dice = diceOf(seed, one.id);
  const question = set?.known ?? dice.pick(one.topic.practice);
  const before = set?.known == null ? { message: one.message, answer: questionText(question) } : asHistory(heard);
  const told: boolean[] = [];
  for (const isRight of [true, false]) {
    const { said } = attempt(question, isRight, dice);
    const message = dice.pick(HELD_OUT_ANSWERS).replace("{a}", () => said);
    const { domain } = one;
    const answered = { message, history: [before], truth: ANSWERED, labels: "composed" as const, domain };
    const graded = await askTurn(bench, result, answered);
    told.push(readVerdict(graded.text) === (isRight ? "right" : "wrong"));
    marks.push(["feedback_as_taught", judge.ofFeedback(graded.text, question, isRight)]);
  }
  return [...marks, ...gradeMarks(told)];
}

function gradeMarks([right = false, wrong = false]: readonly boolean[]): Mark[] {
  return [
    ["graded_right", right],
    ["graded_wrong", wrong],
    ["practice_then_grade", right && wrong],
  ];
}

const ungraded = (): Mark[] => gradeMarks([]);

function isDrawn({ chart }: ChartCase, { toolCalls }: HeardTurn): boolean {
  return toolCalls.some(({ tool, input }) => {
    if (tool !== createGraph.name) return false;
    try {
      const { type, series } = createGraph.parse(input);
      return type === chart.type && series.length === 1 && series[0]?.values.join() === chart.values.join();
    } catch {
      return false;
    }
  });
}

function isSaid({ result }: CalculationCase, { text }: HeardTurn): boolean {
  const isNegative = result < 0;
  const said = numbersOf(text).map((number) => Number(number.replaceAll(",", "")));
  return said.includes(Math.abs(result)) && (!isNegative || /[-−]\s?\d/.test(text));
}
