import { preflightResponse, readJsonBody, route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";
import { streamAgentTurn } from "@/app/_server/stream-agent-turn";
import { streamCompletion } from "@/app/_server/stream-completion";
import {
  AGENT_ID,
  agentTurnOf,
  collectAgentCompletion,
  collectChatCompletion,
  createCompletionIdentity,
  parseChatCompletionRequest,
  type ChatCompletion,
  type ChatCompletionCall,
} from "@/lib/wire";

export const dynamic = "force-dynamic";

/** OpenAI's chat completions, streamed or whole: of the agent, or of one model alone. */
export const POST = route(
  async (request) => {
    const call = parseChatCompletionRequest(await readJsonBody(request));
    const abort = new AbortController();
    if (request.signal.aborted) abort.abort();
    request.signal.addEventListener("abort", () => abort.abort(), { once: true });
    return call.model === AGENT_ID ? answerAsAgent(call, abort) : answerAsModel(call, abort);
  },
  { cors: true },
);

async function answerAsAgent(call: ChatCompletionCall, abort: AbortController): Promise<Response> {
  const turn = agentTurnOf(call);
  const runtime = await getRuntime();
  const events = runtime.startTurn(turn, { signal: abort.signal });
  const identity = createCompletionIdentity(call.model);
  if (call.stream) return streamAgentTurn(events, identity, call.includeUsage, abort);
  return whole(await collectAgentCompletion(identity, events));
}

async function answerAsModel(call: ChatCompletionCall, abort: AbortController): Promise<Response> {
  const runtime = await getRuntime();
  const events = runtime.generate(call.model, call.generate, { signal: abort.signal });
  const identity = createCompletionIdentity(call.model);
  if (call.stream) return streamCompletion(events, identity, call.includeUsage, abort);
  return whole(await collectChatCompletion(identity, events));
}

function whole(completion: ChatCompletion): Response {
  return Response.json(completion, { headers: { "cache-control": "no-store" } });
}

export const OPTIONS = preflightResponse;

export {
  unknownRoute as GET,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
