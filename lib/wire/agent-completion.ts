import type { AgentEvent } from "../agent";
import { MemwellError } from "../errors";
import { TurnTrace } from "./agent-completion-trace";
import { encodeCompletion, endlessAnswer, type CompletionIdentity } from "./chat-completion-response";
import type { ChatCompletion } from "./chat-completion-types";

/**
 * Runs a turn of the agent to its end and returns the whole answer, with the turn's trace.
 *
 * @throws MemwellError what the turn failed with; `aborted` when it was stopped
 */
export async function collectAgentCompletion(
  identity: CompletionIdentity,
  events: AsyncIterable<AgentEvent<unknown>>,
): Promise<ChatCompletion> {
  const trace = new TurnTrace();
  let thought = "";
  for await (const event of events) {
    trace.see(event);
    if (event.type === "thought") thought += trace.thoughtText(event);
    else if (event.type === "failed") throw MemwellError.fromRecord(event.error);
    else if (event.type === "done") {
      const { text: content, finishReason } = event;
      const [usage, memwell] = [trace.usage(), trace.facts(event)];
      return encodeCompletion(identity, { content, thought, finishReason, usage, memwell });
    }
  }
  throw endlessAnswer();
}
