import { EnvHttpProxyAgent, fetch as fetchThroughProxy, type Dispatcher } from "undici";
import { MemwellError } from "../../errors";
import { QUESTION_PATIENCE, withRetries, type Patience } from "./retry";
import { hubErrorOf, hubErrorOfAnswer, type HubSubject } from "./errors";
import { accessToken, type HubSettings } from "../settings";

export interface HubCall {
  signal?: AbortSignal | undefined;
  patience?: Patience | undefined;
  /** Without a byte either way for so many ms, the connection counts as cut. */
  stallMs?: number | undefined;
  /** Statuses that the caller reads itself: these are no errors. */
  expected?: readonly number[];
}

/** A commit of many files is answered only once it is written. */
const ANSWER_TIMEOUT_MS = 120_000;
const CONNECT_TIMEOUT_MS = 10_000;
const REPEATABLE = new Set(["GET", "HEAD"]);
let shared: Dispatcher | undefined;

/** All connections to the Hub, through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name. */
export function hubDispatcher(): Dispatcher {
  return (shared ??= new EnvHttpProxyAgent({
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: ANSWER_TIMEOUT_MS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
  }));
}

/** The same connections, for a request that is given up sooner. */
function dispatcherFor({ stallMs }: HubCall): Dispatcher {
  if (stallMs === undefined) return hubDispatcher();
  const limits = { headersTimeout: stallMs, bodyTimeout: stallMs };
  return hubDispatcher().compose((dispatch) => (options, handler) => dispatch({ ...options, ...limits }, handler));
}

/**
 * What goes with every request to `url`; the token only to the Hub itself, never to where it leads. Throws
 * `hub_unauthorized` for a token that no header can carry.
 */
export function hubHeaders(settings: HubSettings, url: string): Record<string, string> {
  const headers: Record<string, string> = { "user-agent": "memwell" };
  const token = accessToken(settings);
  if (token === null || !isOfHub(settings, url)) return headers;
  if (!/^[\x20-\x7e]+$/.test(token)) throw damagedToken(settings);
  return { ...headers, authorization: `Bearer ${token}` };
}

/** Nothing of the token itself is told. */
function damagedToken({ token, tokenPath }: HubSettings): MemwellError {
  const [place, advice] =
    token === null
      ? [`in ${tokenPath}`, "Run `hf auth login` again, or set HF_TOKEN."]
      : ["in HF_TOKEN", "Set it again, or unset it and run `hf auth login`."];
  return new MemwellError(
    "hub_unauthorized",
    `The access token ${place} is damaged: it holds characters that no token has. ${advice}`,
  );
}

/** True for an address of the Hub itself, rather than of a storage server it leads to. */
export function isOfHub(settings: Pick<HubSettings, "endpoint">, url: string): boolean {
  return new URL(url).origin === new URL(settings.endpoint).origin;
}

/** What was asked, and of whom, for a message. */
export function subjectOf(settings: HubSettings, about: Omit<HubSubject, "endpoint">): HubSubject {
  return { endpoint: settings.endpoint, hasToken: accessToken(settings) !== null, ...about };
}

/**
 * A `fetch` for the functions of @huggingface/hub. It sends the token itself, so give them none: they refuse one that does
 * not start with `hf_`, and send it wherever a `Link` header points. What may pass is tried again when it only reads.
 * Throws a MemwellError, by the error headers, for every answer that is neither a success nor expected.
 */
export function hubFetch(settings: HubSettings, about: Omit<HubSubject, "endpoint">, call: HubCall = {}): typeof fetch {
  // The same function as Node's own, whose types come from an older release, and which knows no proxies.
  const send = fetchThroughProxy as unknown as (url: string, init: object) => Promise<Response>;
  const dispatcher = dispatcherFor(call);
  const ask = async (url: string, init: RequestInit): Promise<Response> => {
    const subject = subjectOf(settings, about);
    try {
      const headers = new Headers(init.headers);
      for (const [name, value] of Object.entries(hubHeaders(settings, url))) headers.set(name, value);
      const signal = call.signal ?? init.signal ?? null;
      const answer = await send(url, { ...init, headers: [...headers], signal, dispatcher });
      if (answer.ok || call.expected?.includes(answer.status)) return isRepeatable(init) ? await whole(answer) : answer;
      await answer.body?.cancel();
      throw hubErrorOfAnswer({ status: answer.status, headers: Object.fromEntries(answer.headers), url }, subject);
    } catch (thrown) {
      throw hubErrorOf(thrown, subject);
    }
  };
  return (input, init = {}) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!isRepeatable(init)) return ask(url, init);
    return withRetries(() => ask(url, init), { patience: call.patience ?? QUESTION_PATIENCE, signal: call.signal });
  };
}

function isRepeatable(init: RequestInit): boolean {
  return REPEATABLE.has(init.method?.toUpperCase() ?? "GET");
}

/** Read to its end here, so that an answer that is cut in the middle is asked for again. */
async function whole(answer: Response): Promise<Response> {
  const bytes = await answer.arrayBuffer();
  return new Response(bytes.byteLength === 0 ? null : bytes, { status: answer.status, headers: answer.headers });
}
