import { preflightResponse, readJsonBody, route } from "@/app/_server/http";
import { getRuntime } from "@/app/_server/runtime";
import { streamCompletion } from "@/app/_server/stream-completion";
import { collectChatCompletion, createCompletionIdentity, parseChatCompletionRequest } from "@/lib/wire";

export const dynamic = "force-dynamic";

/** OpenAI's chat completions, streamed or whole. */
export const POST = route(
  async (request) => {
    const call = parseChatCompletionRequest(await readJsonBody(request));
    const runtime = await getRuntime();
    const abort = new AbortController();
    if (request.signal.aborted) abort.abort();
    request.signal.addEventListener("abort", () => abort.abort(), { once: true });
    const events = runtime.generate(call.model, call.generate, { signal: abort.signal });
    const identity = createCompletionIdentity(call.model);
    if (call.stream) return streamCompletion(events, identity, call.includeUsage, abort);
    return Response.json(await collectChatCompletion(identity, events), { headers: { "cache-control": "no-store" } });
  },
  { cors: true },
);

export const OPTIONS = preflightResponse;

export {
  unknownRoute as GET,
  unknownRoute as PUT,
  unknownRoute as PATCH,
  unknownRoute as DELETE,
} from "@/app/_server/unknown-route";
