import { buildResponsePrompt, switchesOf, THINKING_SWITCHES, type PromptForm, type Turn } from "../../lib/agent";
import type { ChatMessage } from "../../lib/engine";
import { exchangeOf, planByRules, type Asked, type Order } from "./order";
import { LIBRARY } from "./instructions";

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

function answered(turn: Turn, messages: ChatMessage[]): Asked[] {
  return [{ messages, written: exchangeOf(turn).answer }];
}

/** A prompt in its parts: instructions, history, what is said about this turn, and what the student wrote. */
function split([first, ...rest]: ChatMessage[], { message }: Turn) {
  const last = rest.at(-1)?.content ?? "";
  return { instructions: first?.content ?? "", history: rest.slice(0, -1), about: last.slice(0, -message.length) };
}

function segmentsOf(turn: Turn, form: PromptForm): string {
  const { state } = planByRules(turn);
  const segments = switchesOf(state).flatMap((name) => LIBRARY.segments[name] ?? []);
  return segments.flatMap((segment) => (segment.always ? [] : segment[form])).join("\n");
}

/** Every segment at length, the same in all conversations. */
function explanations(form: PromptForm): string {
  return Object.values(LIBRARY.segments)
    .flatMap((segment) => (segment === null || segment.always ? [] : `${segment.compact} ${segment[form]}`))
    .join("\n");
}

const user = (content: string): ChatMessage => ({ role: "user", content });

/** Ways to ask for the answer; where the message asks for notes, they are part of it. */
export const RESPONSE_ORDERS: Order[] = [
  {
    name: "instructions, history as sent, segments, message (built)",
    ask: async (turn, form) => answered(turn, await built(turn, form)),
  },
  {
    name: "  segments after the message",
    ask: async (turn, form) => {
      const { instructions, history, about } = split(await built(turn, form), turn);
      const last = user(`${turn.message}\n${about}`);
      return answered(turn, [{ role: "system", content: instructions }, ...history, last]);
    },
  },
  {
    name: "  segments among the instructions",
    ask: async (turn, form) => {
      const { instructions, history, about } = split(await built(turn, form), turn);
      const segments = segmentsOf(turn, form);
      const last = user(`${about.replace(segments, "").trimStart()}${turn.message}`);
      return answered(turn, [{ role: "system", content: `${instructions}\n${segments}` }, ...history, last]);
    },
  },
  {
    name: "  segments explained in the instructions, compact in the message",
    ask: async (turn, form) => {
      const { instructions, history, about } = split(await built(turn, form), turn);
      const last = user(`${about.replace(segmentsOf(turn, form), segmentsOf(turn, "compact"))}${turn.message}`);
      return answered(turn, [{ role: "system", content: `${instructions}\n${explanations(form)}` }, ...history, last]);
    },
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
