import { buildDecisionPrompts, buildThinkingPrompts, type PromptForm, type Turn } from "../../lib/agent";
import { TRANSCRIPT_BUDGETS } from "../../lib/agent/prompts/budgets";
import { clipMiddle } from "../../lib/agent/prompts/clip";
import { reasoningInstructions } from "../../lib/agent/prompts/reasoning-prefix";
import { transcriptOf } from "../../lib/agent/prompts/transcript";
import type { ChatMessage } from "../../lib/engine";
import { exchangeOf, planByRules, type Asked, type Order } from "./order";
import { LIBRARY } from "./instructions";

const { labels } = LIBRARY;
const system = (content: string): ChatMessage => ({ role: "system", content });
const user = (content: string): ChatMessage => ({ role: "user", content });
const begun = (id: string): ChatMessage => ({ role: "assistant", content: `${id}:` });

function questionsOf(turn: Turn, form: PromptForm) {
  const { questions } = buildDecisionPrompts(LIBRARY, form, turn);
  return questions.map(({ id, answers }) => ({ id, answers }));
}

/** The same beginning for all questions; each is the beginning of an answer. */
function sharing(begin: (turn: Turn, form: PromptForm) => ChatMessage[]): Order["ask"] {
  return (turn, form) =>
    questionsOf(turn, form).map(({ id, answers }) => ({ messages: [...begin(turn, form), begun(id)], answers }));
}

function conversation(turn: Turn, form: PromptForm): string {
  return transcriptOf(LIBRARY, form, turn, { withHistory: true });
}

/** Without a limit for history: what is shown is only ever added to. */
function unlimited({ message, history }: Turn, form: PromptForm): string {
  const show = (text: string, part: "message" | "answer") => clipMiddle(text, TRANSCRIPT_BUDGETS[part][form]);
  const turns = history.map(
    (turn) => `${labels.user}: ${show(turn.message, "message")}\n${labels.assistant}: ${show(turn.answer, "answer")}\n`,
  );
  return `${turns.join("")}${labels.user}: ${show(message, "message")}`;
}

/** Each exchange as messages of its own. */
function asChat(turn: Turn, form: PromptForm): ChatMessage[] {
  const show = (text: string, part: "message" | "answer") => clipMiddle(text, TRANSCRIPT_BUDGETS[part][form]);
  const history = turn.history.flatMap(({ message, answer }): ChatMessage[] => [
    user(show(message, "message")),
    { role: "assistant", content: show(answer, "answer") },
  ]);
  return [...history, user(show(turn.message, "message"))];
}

function definitionsOf(form: PromptForm): string {
  return reasoningInstructions(LIBRARY, form).slice(LIBRARY.decisionPreamble[form].length).trim();
}

/** Ways to ask for the decisions of a turn. */
export const DECISION_ORDERS: Order[] = [
  {
    name: "definitions, growing history, begun answers (built)",
    ask: (turn, form) => buildDecisionPrompts(LIBRARY, form, turn).questions,
  },
  {
    name: "  history without a limit",
    ask: sharing((turn, form) => [system(reasoningInstructions(LIBRARY, form)), user(unlimited(turn, form))]),
  },
  {
    name: "  history of the last two turns",
    ask: (turn, form) => buildDecisionPrompts(LIBRARY, form, { ...turn, history: turn.history.slice(-2) }).questions,
  },
  {
    name: "  history as messages of a chat, without a limit",
    ask: sharing((turn, form) => [system(reasoningInstructions(LIBRARY, form)), ...asChat(turn, form)]),
  },
  {
    name: "  the conversation before the definitions",
    ask: sharing((turn, form) => [
      system(LIBRARY.decisionPreamble[form]),
      user(`${conversation(turn, form)}\n\n${definitionsOf(form)}`),
    ]),
  },
  {
    name: "  each question at the end of the message",
    ask: (turn, form) =>
      questionsOf(turn, form).map(({ id, answers }) => ({
        messages: [system(reasoningInstructions(LIBRARY, form)), user(`${conversation(turn, form)}\n\n${id}?`)],
        answers: answers.map((answer) => answer.trim()),
      })),
  },
  {
    name: "  each question with its own definition only",
    ask: (turn, form) =>
      questionsOf(turn, form).map(({ id, answers }) => {
        const definition = LIBRARY.decisions.find((question) => question.id === id)?.[form] ?? "";
        const instructions = `${LIBRARY.decisionPreamble[form]}\n${id}: ${definition}`;
        return { messages: [system(instructions), user(conversation(turn, form)), begun(id)], answers };
      }),
  },
];

function notesOf(turn: Turn, form: PromptForm): Asked[] {
  const { state, decisions } = planByRules(turn);
  const prompts = buildThinkingPrompts(LIBRARY, form, { state, turn, decisions, withHistory: true, toolResults: [] });
  return prompts.map(({ messages }) => ({ messages, written: exchangeOf(turn).notes }));
}

const decide: Order["ask"] = (turn, form) => buildDecisionPrompts(LIBRARY, form, turn).questions;

/** Ways to ask for notes beside the decisions, which are part of the figures. */
export const NOTES_ORDERS: Order[] = [
  {
    name: "decisions, then notes that go on from them (built)",
    ask: async (turn, form) => [...(await decide(turn, form)), ...notesOf(turn, form)],
  },
  {
    name: "  notes with their own definition only",
    ask: async (turn, form) => [
      ...(await decide(turn, form)),
      ...kindsOf(turn).map(({ id, cue, [form]: definition }) => ({
        messages: [
          system(`${LIBRARY.decisionPreamble[form]}\n${id} notes: ${definition}`),
          user(`${conversation(turn, form)}\n\n${cue[form]}`),
        ],
        written: exchangeOf(turn).notes,
      })),
    ],
  },
  {
    name: "  notes first, then decisions that have read them",
    ask: (turn, form) => {
      const cue = LIBRARY.thinking.reasoning?.cue[form] ?? "";
      const messages = [system(reasoningInstructions(LIBRARY, form)), user(`${conversation(turn, form)}\n\n${cue}`)];
      const { notes } = exchangeOf(turn);
      const after: ChatMessage[] = [...messages, { role: "assistant", content: notes }, user("Label the message.")];
      const labels = questionsOf(turn, form).map(({ id, answers }) => ({ messages: [...after, begun(id)], answers }));
      return [{ messages, written: notes }, ...labels];
    },
  },
];

function kindsOf(turn: Turn) {
  const { state } = planByRules(turn);
  return Object.values(LIBRARY.thinking).flatMap((kind) => (kind !== null && state[kind.thinkingSwitch] ? [kind] : []));
}
