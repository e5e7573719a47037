import type { TurnRequest } from "../agent";
import type { ChatMessage } from "../engine";
import { MemwellError } from "../errors";
import type { ChatCompletionCall } from "./chat-completions";
import { AGENT_ID } from "./models";
import { valueRefusal } from "./refusals";

/**
 * A chat completion of `memwell` as one turn of the agent.
 *
 * 1. `system` and `developer` messages, wherever they stand, are the instructions, with a blank line between two of them.
 * 2. The rest is a conversation. Messages of one role in a row are one message, with blank lines between: a question that
 *    was never answered stays part of the next one. An answer with which the conversation begins is a turn whose message is
 *    empty.
 * 3. The last message is the new one. What an answer was thought out with is left out: the agent thinks about each turn
 *    anew.
 *
 * The message's own text is checked by the turn.
 *
 * @throws MemwellError `invalid_request` when the last message is not the user's, `unsupported_parameter` for a JSON
 *   schema: what the agent writes is for people
 */
export function agentTurnOf(call: ChatCompletionCall): TurnRequest {
  const { prompt, jsonSchema, sampling, stop, maxTokens, maxThoughtTokens } = call.generate;
  const { messages } = prompt;
  if (jsonSchema !== undefined) throw schemaRefusal();
  const said = inTurns(messages);
  const last = said.at(-1);
  if (last === undefined || last.answer !== null) {
    const index = messages.findLastIndex(({ role }) => role !== "system");
    const at = index < 0 ? messages.length - 1 : index;
    throw valueRefusal(["messages", at, "role"], messages[at]?.role, "user, for the message that is to be answered");
  }
  const instructions = messages.flatMap(({ role, content }) => (role === "system" ? [content] : [])).join("\n\n");
  return {
    message: last.message,
    history: said.slice(0, -1).map(({ message, answer }) => ({ message, answer: answer ?? "" })),
    ...(instructions !== "" && { instructions }),
    sampling,
    stop,
    maxTokens,
    maxThoughtTokens,
    ...(call.domain !== undefined && { domain: call.domain }),
  };
}

/** The conversation's messages and answers in pairs; only the last can be without an answer, which is then null. */
function inTurns(messages: readonly ChatMessage[]): { message: string; answer: string | null }[] {
  const turns: { message: string; answer: string | null }[] = [];
  for (const { role, content } of messages) {
    const open = turns.at(-1);
    if (role === "user") {
      if (open?.answer === null) open.message += `\n\n${content}`;
      else turns.push({ message: content, answer: null });
    } else if (role === "assistant") {
      if (open === undefined) turns.push({ message: "", answer: content });
      else open.answer = open.answer === null ? content : `${open.answer}\n\n${content}`;
    }
  }
  return turns;
}

function schemaRefusal(): MemwellError {
  return new MemwellError(
    "unsupported_parameter",
    `response_format is not supported by ${AGENT_ID}, whose answers are text for people: ask a model by its own id instead (GET /v1/models lists them), or leave response_format out.`,
    { parameter: "response_format", model: AGENT_ID },
  );
}
