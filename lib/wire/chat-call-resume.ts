import { readId } from "./chat-call-message";
import { valueRefusal } from "./refusals";
import { wholeNumberBetween } from "./request-fields";

/** Which run's stream a reader wants, and from where. */
export interface ResumeQuery {
  /** Absent: the conversation's newest. */
  run?: string;
  /** The last event the reader has seen; absent: it begins again. */
  after?: number;
}

const sequence = wholeNumberBetween(0, Number.MAX_SAFE_INTEGER);
const DIGITS = /^\d{1,16}$/;

/**
 * Reads `?run=ID&after=N` of `GET /api/chat/ID/stream` and the header `Last-Event-ID`; an empty one counts as not given.
 * The header comes first: a browser that connects again asks for the address it began with, and says in the header how far
 * it has come.
 *
 * @throws MemwellError `invalid_request` naming the parameter (`Last-Event-ID` is one)
 */
export function parseResumeQuery(parameters: URLSearchParams, lastEventId: string | null): ResumeQuery {
  const run = parameters.get("run") || undefined;
  const after = readSequence("Last-Event-ID", lastEventId) ?? readSequence("after", parameters.get("after"));
  return {
    ...(run !== undefined && { run: readId(run, ["run"]) }),
    ...(after !== undefined && { after }),
  };
}

function readSequence(name: string, given: string | null): number | undefined {
  if (!given) return undefined;
  const read = sequence.safeParse(DIGITS.test(given) ? Number(given) : NaN);
  if (read.success) return read.data;
  throw valueRefusal([name], given, read.error.issues[0]!.message);
}
