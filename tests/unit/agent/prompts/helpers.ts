import type { ChatMessage } from "../../../../lib/engine";
import { initialState, PROMPT_SWITCHES, withSwitches, type PromptState } from "../../../../lib/agent/prompts";
import type { HistoryTurn, Turn } from "../../../../lib/agent/message";

/** All 2,048 states. */
export function everyState(): PromptState[] {
  return Array.from({ length: 2 ** PROMPT_SWITCHES.length }, (_, bits) =>
    withSwitches(initialState(), ...PROMPT_SWITCHES.filter((_name, index) => (bits >> index) & 1)),
  );
}

/** A conversation as a template shows it to a model, open at its end. */
export function render(messages: readonly ChatMessage[]): string {
  const shown = messages.map(({ role, content }) => `<${role}>${content}</${role}>`).join("");
  const last = messages.at(-1);
  return last?.role === "assistant" ? shown.slice(0, -"</assistant>".length) : `${shown}<assistant>`;
}

export function occurrences(text: string, part: string): number {
  return text.split(part).length - 1;
}

export function turnOf(message: string, history: HistoryTurn[] = []): Turn {
  return { message, history };
}

/** Short turns, each with words of its own. */
export function conversation(turns: number): HistoryTurn[] {
  return Array.from({ length: turns }, (_, index) => ({
    message: `What is topic ${index}?`,
    answer: `Topic ${index} is easy to explain.`,
  }));
}

export const characters = (messages: ChatMessage[]) =>
  Promise.resolve(messages.reduce((sum, { content }) => sum + content.length, 0));

export const UNLIMITED = { contextSize: 1_000_000, countTokens: characters };
