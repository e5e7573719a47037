import { SESSION_HEADER } from "./session-header";
import { visitorSession } from "./visitor-session";

/** Why the server did not do what it was asked; `unreachable`: it was not heard at all. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const UNREACHABLE = "The server cannot be reached: check that Memwell runs, then try again.";

let first: Promise<unknown> | null = null;

/**
 * `fetch` for what belongs to the visitor. The first answer brings a new visitor the cookie that he is known by, so
 * other calls wait for it: each would else be another visitor's. Where the browser refuses the cookie, a header says it.
 *
 * @throws Refusal for every answer that is none, in the server's words
 * @throws the abort's DOMException when the signal is aborted
 */
export async function visitorFetch(address: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  if (first !== null) await first;
  const answer = fetchAsVisitor(address, init);
  first ??= answer.catch(() => (first = null));
  const response = await answer.catch((thrown: unknown) => {
    throw init.signal?.aborted === true ? thrown : new Refusal("unreachable", UNREACHABLE);
  });
  if (response.ok) return response;
  throw await refusalOf(response);
}

async function fetchAsVisitor(address: string | URL | Request, init: RequestInit): Promise<Response> {
  const { token } = visitorSession;
  const headers = new Headers(init.headers);
  if (token !== null) headers.set(SESSION_HEADER, token);
  const response = await fetch(address, { ...init, headers });
  if (response.ok) visitorSession.hear(response.headers, token);
  return response;
}

async function refusalOf(response: Response): Promise<Refusal> {
  try {
    const { error } = (await response.json()) as { error: { code: string; message: string } };
    return new Refusal(String(error.code), String(error.message));
  } catch {
    const message = `The server answered with status ${response.status} and no explanation: try again.`;
    return new Refusal("unreadable", message);
  }
}
