import { SESSION_HEADER } from "../_chat/session-header";
import { visitorSession } from "../_chat/visitor-session";

/** Why the server did not do what it was asked, in its words; `unreachable`: it was not heard at all. */
export class ServerRefusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly fields: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

interface Question {
  /** Sent as JSON by POST; a GET without one. */
  body?: object;
  /** The admin token, for what needs it. */
  token?: string | null;
  /** Some of the answer depends on whose browser asks, which may keep no cookies. */
  asVisitor?: boolean;
  /** Kinds of answer that are understood. */
  accept?: string;
  signal?: AbortSignal;
}

/**
 * Asks one of the server's own routes.
 *
 * @throws ServerRefusal for every answer that is none
 * @throws the abort's DOMException when the signal is aborted
 */
export async function askServer<Body>(address: string, question: Question = {}): Promise<Body> {
  return (await (await fetchFromServer(address, question)).json()) as Body;
}

/** As `askServer`, for an answer that is no JSON. */
export async function fetchFromServer(address: string, question: Question = {}): Promise<Response> {
  const { body, token, asVisitor = false, accept, signal } = question;
  const visitor = asVisitor ? visitorSession.token : null;
  const response = await fetch(address, {
    cache: "no-store",
    headers: {
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(accept !== undefined && { accept }),
      ...(token != null && { authorization: `Bearer ${token}` }),
      ...(visitor !== null && { [SESSION_HEADER]: visitor }),
    },
    ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
    ...(signal !== undefined && { signal }),
  }).catch((thrown: unknown) => {
    if (signal?.aborted === true) throw thrown;
    const message = "The server cannot be reached: check that Memwell runs, then try again.";
    throw new ServerRefusal("unreachable", message);
  });
  if (response.ok) return response;
  throw await refusalOf(response);
}

/** What was thrown, as a refusal to show. */
export function asRefusal(thrown: unknown): ServerRefusal {
  if (thrown instanceof ServerRefusal) return thrown;
  return new ServerRefusal("unreadable", thrown instanceof Error ? thrown.message : String(thrown));
}

async function refusalOf(response: Response): Promise<ServerRefusal> {
  try {
    const { error } = (await response.json()) as { error: Record<string, unknown> };
    return new ServerRefusal(String(error.code), String(error.message), error);
  } catch {
    const message = `The server answered with status ${response.status} and no explanation: try again.`;
    return new ServerRefusal("unreadable", message);
  }
}
