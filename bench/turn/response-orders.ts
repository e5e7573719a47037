import { buildResponsePrompt, switchesOf, THINKING_SWITCHES, type PromptForm, type Turn } from "../../lib/agent";
import type { ChatMessage } from "../../lib/engine";
import { raise } from "../support/measure";
import { exchangeOf, planByRules, type Asked, type Order } from "./order";
import { LIBRARY } from "./instructions";

/** What begins the explanations of segments in the full form's instructions: see `buildResponsePrompt`. */
const FIRST_EXPLANATION = '\nWhen told "';

/** The prompt as it is built, in a context that holds everything. */
async function built(turn: Turn, form: PromptForm): Promise<ChatMessage[]> {
  const { state } = planByRules(turn);
  const thinks = THINKING_SWITCHES.some((name) => state[name]);
  const thinking = thinks ? [{ kind: "reasoning" as const, text: exchangeOf(turn).notes }] : [];
  const parts = { state, turn, toolResults: [], thinking };
  const { messages } = await buildResponsePrompt(LIBRARY, form, parts, {
    contextSize: Infinity,
    countTokens: async () => 0,
  });
  return messages;
}

interface PromptParts {
  /** With what explains the segments, where the form does. */
  instructions: string;
  /** Without that. */
  bare: string;
  history: ChatMessage[];
  /** The notes with their label; empty where there are none. */
  notes: string;
}

/**
 * The prompt as it is built, taken apart.
 *
 * @throws Error when it is built otherwise than the alternatives below take it to be: they would compare something else.
 */
async function partsOf(turn: Turn, form: PromptForm): Promise<PromptParts> {
  const [first, ...rest] = await built(turn, form);
  const instructions = first?.content ?? "";
  const [bare = "", ...explained] = instructions.split(FIRST_EXPLANATION);
  if (form === "full" && explained.length === 0) raise("the instructions explain no segment");
  const last = rest.at(-1)?.content ?? "";
  const segments = lines(segmentsOf(turn, "compact"));
  const end = last === turn.message ? turn.message : `${LIBRARY.labels.question}: ${turn.message}`;
  if (!last.startsWith(segments) || !last.endsWith(end)) raise("the last message is not segments, notes and message");
  const notes = last.slice(segments.length, -end.length).trimEnd();
  if (notes !== "" && !notes.startsWith(`${LIBRARY.labels.notes}: `)) raise(`neither segments nor notes: ${notes}`);
  return { instructions, bare, history: rest.slice(0, -1), notes };
}

/** What the turn's segments ask for. That of a tool's result is left out, as where it is built: there is no result. */
function segmentsOf(turn: Turn, form: PromptForm): string {
  const state = { ...planByRules(turn).state, TOOL_USE_ENHANCEMENT: false };
  const segments = switchesOf(state).flatMap((name) => LIBRARY.segments[name] ?? []);
  return segments.flatMap((segment) => (segment.always ? [] : segment[form])).join("\n");
}

/** Each text that is not empty, and a line break behind each. */
function lines(...texts: string[]): string {
  return texts.map((text) => (text === "" ? "" : `${text}\n`)).join("");
}

/** What is said about the turn, and what the student wrote; labelled as it is built. */
function lastMessage(before: string, message: string): string {
  return before === "" ? message : `${before}${LIBRARY.labels.question}: ${message}`;
}

function answered(turn: Turn, messages: ChatMessage[]): Asked[] {
  return [{ messages, written: exchangeOf(turn).answer }];
}

/** Asks for an answer with other instructions and another last message than are built. */
function rearranged(
  arrange: (parts: PromptParts, turn: Turn, form: PromptForm) => { instructions: string; last: string },
): Order["ask"] {
  return async (turn, form) => {
    const parts = await partsOf(turn, form);
    const { instructions, last } = arrange(parts, turn, form);
    const messages: ChatMessage[] = [{ role: "system", content: instructions }, ...parts.history];
    return answered(turn, [...messages, { role: "user", content: last }]);
  };
}

/** Ways to ask for the answer; where the message asks for notes, they are part of it. */
export const RESPONSE_ORDERS: Order[] = [
  {
    name: "segments explained in the instructions, named in the message (built)",
    ask: async (turn, form) => answered(turn, await built(turn, form)),
  },
  {
    name: "  segments at length in each message",
    ask: rearranged(({ bare, notes }, turn, form) => ({
      instructions: bare,
      last: lastMessage(lines(segmentsOf(turn, form), notes), turn.message),
    })),
  },
  {
    name: "  segments among the instructions",
    ask: rearranged(({ bare, notes }, turn, form) => ({
      instructions: lines(bare, segmentsOf(turn, form)).trimEnd(),
      last: lastMessage(lines(notes), turn.message),
    })),
  },
  {
    name: "  segments after the message",
    ask: rearranged(({ instructions, notes }, turn) => {
      const after = lines(segmentsOf(turn, "compact"), notes).trimEnd();
      const { message } = turn;
      return { instructions, last: after === "" ? message : `${LIBRARY.labels.question}: ${message}\n${after}` };
    }),
  },
  {
    name: "  history as it was typed",
    ask: async (turn, form) => {
      const history = turn.history.map(({ message, answer }) => ({ message, answer }));
      return answered(turn, await built({ ...turn, history }, form));
    },
  },
  {
    name: "  history of the last two turns",
    ask: async (turn, form) => answered(turn, await built({ ...turn, history: turn.history.slice(-2) }, form)),
  },
];
