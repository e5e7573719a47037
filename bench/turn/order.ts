import {
  applyDecisions,
  applyRules,
  chooseThinking,
  decideByRule,
  initialState,
  type Decision,
  type PromptForm,
  type PromptState,
  type Turn,
} from "../../lib/agent";
import type { ChatMessage } from "../../lib/engine";
import { raise } from "../support/measure";
import { CONVERSATION, type Exchange } from "./conversation";
import { LIBRARY } from "./instructions";

/** Something that a model is asked in a turn. */
export interface Asked {
  messages: ChatMessage[];
  /** To be scored; without them it writes. */
  answers?: string[];
  /** What it writes: the next prompt finds it evaluated, as after any answer. */
  written?: string;
}

/** One order of the prompts of a turn, built from the texts of the library. */
export interface Order {
  name: string;
  ask(turn: Turn, form: PromptForm): Asked[] | Promise<Asked[]>;
}

export function exchangeOf({ message }: Turn): Exchange {
  return CONVERSATION.find((exchange) => message.endsWith(exchange.message)) ?? raise("no such message");
}

/** What the rules make of a message where no model decides: the same for every order. */
export function planByRules(turn: Turn): { state: PromptState; decisions: Decision[] } {
  const decisions = LIBRARY.decisions.map((question) => decideByRule(question, turn, "measured without a model"));
  const state = applyDecisions(applyRules(initialState(), turn.message), decisions);
  return { state: chooseThinking(LIBRARY, state, turn), decisions };
}
