import { errorBody, errorRecordOf, httpStatusOf } from "@/lib/wire";

type Handler<Context> = (request: Request, context: Context) => Response | Promise<Response>;

/** Pages of any origin may use /v1 from a browser, as they may use OpenAI's. */
export const CORS_HEADERS: Readonly<Record<string, string>> = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, POST, OPTIONS",
  "access-control-allow-headers": "*, authorization",
  "access-control-max-age": "86400",
};

/** Whatever was thrown, as an answer: its status and `{error: {code, message, ...fields}}`. */
export function errorResponse(thrown: unknown): Response {
  const { code } = errorRecordOf(thrown);
  // A bug: the caller gets its message, the operator its stack.
  if (code === "internal") console.error(thrown);
  const status = httpStatusOf(code);
  const headers = { "cache-control": "no-store", ...(status === 503 && { "retry-after": "1" }) };
  return Response.json(errorBody(thrown), { status, headers });
}

/** A route handler whose throws become error answers. `cors`: answers carry the headers for pages of other origins. */
export function route<Context = unknown>(
  handler: Handler<Context>,
  options: { cors?: boolean } = {},
): Handler<Context> {
  return async (request, context) => {
    const response = await answer(handler, request, context);
    if (options.cors) for (const [name, value] of Object.entries(CORS_HEADERS)) response.headers.set(name, value);
    return response;
  };
}

async function answer<Context>(handler: Handler<Context>, request: Request, context: Context): Promise<Response> {
  try {
    return await handler(request, context);
  } catch (thrown) {
    return errorResponse(thrown);
  }
}

/** Answers a browser's question whether it may call from another origin. */
export function preflightResponse(): Response {
  return new Response(null, { status: 204, headers: CORS_HEADERS });
}
