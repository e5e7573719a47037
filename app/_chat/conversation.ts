import type { Turn } from "./turn";

/** What happens to the list of turns. Turns that did not change stay the same objects, so that they are not drawn again. */
export type ConversationAction =
  | { type: "ask"; turn: Turn }
  | { type: "append"; id: string; thought: string; answer: string }
  | { type: "change"; id: string; change: Partial<Turn> }
  | { type: "remove"; id: string }
  | { type: "clear" };

/** A reducer for React. */
export function reduceConversation(turns: readonly Turn[], action: ConversationAction): readonly Turn[] {
  switch (action.type) {
    case "ask":
      return [...turns, action.turn];
    case "append":
      return replaceTurn(turns, action.id, (turn) => ({
        ...turn,
        thought: turn.thought + action.thought,
        answer: turn.answer + action.answer,
        phase: turn.answer !== "" || action.answer !== "" ? "answering" : "thinking",
      }));
    case "change":
      return replaceTurn(turns, action.id, (turn) => ({ ...turn, ...action.change }));
    case "remove":
      return turns.filter((turn) => turn.id !== action.id);
    case "clear":
      return [];
  }
}

function replaceTurn(turns: readonly Turn[], id: string, replace: (turn: Turn) => Turn): readonly Turn[] {
  return turns.map((turn) => (turn.id === id ? replace(turn) : turn));
}
