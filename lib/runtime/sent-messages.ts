import { createHash } from "node:crypto";
import { chosenDomain, type AgentEvent, type TurnRequest } from "../agent";

export interface SentMessagesLimits {
  entries: number;
  /** Of the kept texts and their keys, as UTF-16. */
  bytes: number;
}

/** A turn's message with its segments and notes has a few kilobytes: hundreds of turns, and no burden on a small machine. */
const LIMITS: SentMessagesLimits = { entries: 512, bytes: 4 * 1024 ** 2 };

/** How a turn was answered: see `HistoryTurn`. */
interface Shown {
  sent: string;
  domain: string | null;
}

type Conversation = Pick<TurnRequest, "message" | "history" | "instructions">;

/**
 * Remembers how messages were shown to the response model, for callers who keep conversations themselves and send plain
 * messages back: with it the model finds what it has evaluated, instead of reading the conversation anew.
 *
 * A message is found by all that came before it, the instructions, itself and its answer. So nobody gets a text of a
 * conversation other than their own, word for word. In memory only; what was used longest ago goes first.
 */
export class SentMessages {
  /** By key, in order of use. */
  readonly #known = new Map<string, Shown>();
  #bytes = 0;

  constructor(private readonly limits: SentMessagesLimits = LIMITS) {}

  /** The request with `sent` and `domain` in the turns of its history where they are known; a turn that has one keeps it. */
  fill<Request extends Conversation>(request: Request): Request {
    let key = startOf(request);
    const history = request.history.map((turn) => {
      key = keyAfter(key, turn);
      if (turn.sent !== undefined) return turn;
      const found = this.#find(key);
      return found === null ? turn : { ...found, ...turn, sent: found.sent };
    });
    return { ...request, history };
  }

  /** Remembers how the request's own message was shown, now that it has an answer. */
  remember(
    request: Conversation,
    { text, sent, domain = null }: { text: string; sent: string; domain?: string | null },
  ): void {
    const before = request.history.reduce(keyAfter, startOf(request));
    const key = keyAfter(before, { message: request.message, answer: text });
    this.#forget(key);
    const shown = { sent, domain };
    this.#known.set(key, shown);
    this.#bytes += bytesOf(key, shown);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= this.limits.entries && this.#bytes <= this.limits.bytes) return;
      this.#forget(oldest);
    }
  }

  /** Runs a turn with what is known of its history, and remembers what it was done with. */
  async *during<Wait>(
    request: TurnRequest,
    run: (request: TurnRequest) => AsyncGenerator<AgentEvent<Wait>, void, void>,
  ): AsyncGenerator<AgentEvent<Wait>, void, void> {
    for await (const event of run(this.fill(request))) {
      if (event.type === "done")
        this.remember(request, { ...event, domain: request.domain ?? chosenDomain(event.decisions) });
      yield event;
    }
  }

  #find(key: string): Shown | null {
    const shown = this.#known.get(key);
    if (shown === undefined) return null;
    this.#known.delete(key);
    this.#known.set(key, shown);
    return shown;
  }

  #forget(key: string): void {
    const shown = this.#known.get(key);
    if (shown === undefined) return;
    this.#known.delete(key);
    this.#bytes -= bytesOf(key, shown);
  }
}

function startOf({ instructions = "" }: Conversation): string {
  return digest([instructions]);
}

/** The key of a conversation with one more turn at its end. */
function keyAfter(before: string, { message, answer }: { message: string; answer: string }): string {
  return digest([before, message, answer]);
}

/** As JSON, so that no other texts come to the same one. */
function digest(texts: string[]): string {
  return createHash("sha256").update(JSON.stringify(texts)).digest("base64");
}

function bytesOf(key: string, { sent, domain }: Shown): number {
  return 2 * (key.length + sent.length + (domain?.length ?? 0));
}
