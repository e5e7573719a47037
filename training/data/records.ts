import {
  applyDecisions,
  applyRules,
  buildDecisionPrompts,
  buildResponsePrompt,
  buildThinkingPrompts,
  checkMessage,
  chooseThinking,
  createGraph,
  initialState,
  libraryNamed,
  type Decision,
  type HistoryTurn,
  type PromptState,
  type Turn,
} from "../../lib/agent";
import { renderAnswer, renderMessages, type Part } from "../format";
import type { Dice } from "./dice";
import { truthOf, type Scene } from "./scene";

/** One line of the data. */
export interface TrainingRecord {
  kind: "answer" | "decision" | "notes" | "arguments";
  /** Whose adapter learns it; null: the base model. */
  adapter: string | null;
  parts: Part[];
}

const LIBRARY = libraryNamed("tutor");
/** The form for models of this size: see `chooseForm`. */
const FORM = "compact";
/** Texts are shorter by far; what is not counted is not trimmed. */
const ENDLESS = { contextSize: 1_000_000, countTokens: async () => 0 };
/** Words of an answer after which it says nothing new about the question. */
const BEGINNING = 6;

/**
 * What the reasoning model learns from a scene, in the very prompts of a turn: decisions, notes, arguments of a tool.
 *
 * @param domains those to choose one of for it; the model is not asked to when there are none
 */
export function reasoningRecords(scene: Scene, domains: readonly string[] = []): TrainingRecord[] {
  const turn = turnOf(scene);
  const prompts = buildDecisionPrompts(LIBRARY, FORM, turn, { domains });
  const record = (kind: TrainingRecord["kind"], parts: Part[]): TrainingRecord => ({ kind, adapter: null, parts });
  const decisions = prompts.questions.map(({ id, messages }) =>
    record("decision", [
      ...renderMessages(messages, { open: true }),
      // What follows the label is asked of nobody.
      { text: ` ${truthOf(scene, id, domains)}`, learn: true },
    ]),
  );
  const notes = buildThinkingPrompts(LIBRARY, FORM, {
    state: stateOf(scene, turn),
    turn,
    decisions: decisionsOf(scene, turn),
    withHistory: prompts.withHistory,
    toolResults: scene.toolResults,
  }).flatMap(({ kind, messages }) => {
    const thought = scene.notes[kind];
    const prompt = renderMessages([...messages], { open: false });
    return thought === undefined ? [] : record("notes", [...prompt, ...opened(), ...renderAnswer({ thought })]);
  });
  if (scene.chartArguments === undefined) return [...decisions, ...notes];
  const { name, description } = createGraph;
  const asked = { role: "assistant" as const, content: `${description[FORM]}\n${name}: ` };
  // The grammar of a schema ends with four line breaks.
  const written = { text: `${scene.chartArguments}\n\n\n\n`, learn: true };
  const prompt = renderMessages([...prompts.shared, asked], { open: true });
  return [...decisions, ...notes, record("arguments", [...prompt, written])];
}

/**
 * What the response model learns from a scene. Of most answers it is shown the beginning alone: which answer it is, is told
 * by then, and a whole answer costs as much as fifteen beginnings.
 *
 * @param options.whole share of the answers that are learned to their end, unless the scene has one of its own
 * @param options.withNotes whether the reasoning model's notes are in the prompt, as they are in most turns
 */
export async function answerRecord(
  scene: Scene,
  options: { dice: Dice; whole: number; withNotes: boolean },
): Promise<TrainingRecord> {
  const messages = await responseMessages(scene, options);
  const prompt = [...renderMessages(messages, { open: false }), ...opened()];
  const beginning = scene.answer
    .split(/(?=\s)/)
    .slice(0, BEGINNING)
    .join("");
  const isWhole = beginning.length > scene.answer.length * 0.7 || options.dice.chance(scene.whole ?? options.whole);
  const answer = isWhole ? renderAnswer({ text: scene.answer }) : [{ text: beginning, learn: true }];
  return { kind: "answer", adapter: scene.domain, parts: [...prompt, ...answer] };
}

/**
 * A scene as the history of the next one, its message as the response model was shown it. The domain it was answered in is
 * left out: where it is known, nobody has to be asked for the next one's.
 */
export async function asHistory(scene: Scene): Promise<HistoryTurn> {
  const messages = await responseMessages(scene, { withNotes: true });
  return { message: scene.message, answer: scene.answer, sent: messages.at(-1)?.content };
}

function opened(): Part[] {
  return renderMessages([{ role: "assistant", content: "" }], { open: true }).slice(0, 1);
}

async function responseMessages(scene: Scene, { withNotes }: { withNotes: boolean }) {
  const turn = turnOf(scene);
  const state = stateOf(scene, turn);
  const kinds = {
    math: state.MATH_THINKING,
    practice: state.QUESTION_ANSWER_DESIGN,
    reasoning: state.REASONING_THINKING,
  };
  const thinking = (["math", "practice", "reasoning"] as const).flatMap((kind) => {
    const text = scene.notes[kind];
    return withNotes && kinds[kind] && text !== undefined ? [{ kind, text }] : [];
  });
  const parts = { state, turn, toolResults: scene.toolResults, thinking };
  return (await buildResponsePrompt(LIBRARY, FORM, parts, ENDLESS)).messages;
}

function turnOf({ message, history }: Scene): Turn {
  return { message: checkMessage(message), history };
}

/** The decisions of the turn as they should be; those that need no model are as they are. */
function decisionsOf(scene: Scene, turn: Turn): Decision[] {
  const { known } = buildDecisionPrompts(LIBRARY, FORM, turn);
  return LIBRARY.decisions.map((question) => {
    const given = known.find(({ id }) => id === question.id);
    if (given !== undefined) return given;
    const answer = truthOf(scene, question.id, []);
    const switches = question.answers[answer];
    if (switches === undefined) throw new RangeError(`The question ${question.id} has no answer ${answer}`);
    return { id: question.id, answer, probability: 1, source: "model", reason: null, switches };
  });
}

function stateOf(scene: Scene, turn: Turn): PromptState {
  const decided = applyDecisions(applyRules(initialState(), turn.message), decisionsOf(scene, turn));
  return chooseThinking(LIBRARY, decided, turn);
}
