import type { ChatMessage } from "../../engine";
import type { HistoryTurn, Turn } from "../message/contract";
import type { PromptForm, PromptLibrary, PromptSegment, ThinkingText, ToolText } from "./contract";
import { PROMPT_SWITCHES, switchesOf, type PromptState } from "./state";
import { trimToContext } from "./trim";

export interface ResponsePrompt {
  messages: ChatMessage[];
  staticMessages: number;
  /** Turns of history that were left out, and whether the notes were, so that the rest fits the context. */
  omitted: { turns: number; thinking: boolean };
}

export interface ResponseParts {
  state: PromptState;
  turn: Turn;
  /** Whoever asks has more to say than the library. */
  instructions?: string | undefined;
  toolResults: readonly ToolText[];
  thinking: readonly ThinkingText[];
}

/**
 * What the response model is shown, in the order in which it changes: the instructions (the same in all conversations),
 * the history (which only grows), and in one last message this turn's segments, tool results, notes, and the question.
 *
 * Segments stay out of the instructions because they change from turn to turn: there, everything after them would be
 * evaluated again. The full form explains all of them there, once, and a turn names the ones it wants by their compact
 * texts: a few tokens each to evaluate instead of up to 150. History shows a turn as it was sent, where that is known.
 *
 * @param model `contextSize` in tokens, and how the model counts: see `trimToContext`.
 */
export async function buildResponsePrompt(
  library: PromptLibrary,
  form: PromptForm,
  parts: ResponseParts,
  model: { contextSize: number; countTokens: (messages: ChatMessage[]) => Promise<number> },
): Promise<ResponsePrompt> {
  const { history } = parts.turn;
  const compose = (firstTurn: number, withThinking: boolean): ChatMessage[] => [
    { role: "system", content: instructionsOf(library, form, parts) },
    ...history.slice(firstTurn).flatMap(messagesOf),
    { role: "user", content: lastMessage(library, withThinking ? parts : { ...parts, thinking: [] }) },
  ];
  const { firstTurn, withThinking } = await trimToContext({
    turns: history.length,
    hasThinking: parts.thinking.length > 0,
    compose,
    ...model,
  });
  return {
    messages: compose(firstTurn, withThinking),
    staticMessages: 1,
    omitted: { turns: firstTurn, thinking: !withThinking },
  };
}

function instructionsOf(
  library: PromptLibrary,
  form: PromptForm,
  { state, instructions = "" }: Pick<ResponseParts, "state" | "instructions">,
): string {
  const always = segmentsOf(library, state).filter((segment) => segment.always);
  const texts = [library.identity, ...always].map((segment) => segment[form]);
  if (form === "full") texts.push(...definitionsOf(library));
  return [...texts, ...(instructions.trim() === "" ? [] : [instructions.trim()])].join("\n");
}

function lastMessage(library: PromptLibrary, parts: ResponseParts): string {
  const { labels } = library;
  const before = [
    ...segmentsOf(library, withoutMissingResult(parts)).flatMap((segment) => (segment.always ? [] : segment.compact)),
    ...parts.toolResults.map(({ text }) => `${labels.result}: ${text}`),
    ...parts.thinking.map(({ text }) => `${labels.notes}: ${text.trim()}`),
  ];
  const { message } = parts.turn;
  return before.length === 0 ? message : [...before, `${labels.question}: ${message}`].join("\n");
}

/** What is said of a tool's result puzzles a model that is shown none, since the tool failed. */
function withoutMissingResult({ state, toolResults }: ResponseParts): PromptState {
  return toolResults.length === 0 ? { ...state, TOOL_USE_ENHANCEMENT: false } : state;
}

/** What each segment asks for, at length: see `buildResponsePrompt`. */
function definitionsOf(library: PromptLibrary): string[] {
  return PROMPT_SWITCHES.flatMap((name) => {
    const segment = library.segments[name];
    return segment === null || segment.always ? [] : `When told "${segment.compact}": ${segment.full}`;
  });
}

function messagesOf({ message, sent, answer }: HistoryTurn): ChatMessage[] {
  return [
    { role: "user", content: sent ?? message },
    { role: "assistant", content: answer },
  ];
}

function segmentsOf(library: PromptLibrary, state: PromptState): PromptSegment[] {
  return switchesOf(state).flatMap((name) => library.segments[name] ?? []);
}
