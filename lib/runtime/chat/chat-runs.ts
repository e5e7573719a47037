import { EventEmitter, once } from "node:events";
import { checkMessage, type TurnRequest } from "../../agent";
import { MemwellError } from "../../errors";
import { ConversationStore, FeedbackStore, RunStore, type Run, type StoredMessage } from "../../store";
import type { RuntimeDatabase } from "../database";
import { domainRequest } from "../domains";
import { answerSoFar } from "./answer";
import { AnswerPlaces } from "./answer-places";
import type { ChatCall, ChatRuns, FollowedEvent } from "./contract";
import { domainOfTurn, storedDomain } from "./domain";
import { followRun } from "./follow-run";
import { historyOf, titleOf } from "./history";
import { InOrder } from "./in-order";
import { refuseInstructions } from "./refuse-instructions";
import { LiveRun, type StartTurn } from "./live-run";
import { startUpkeep } from "./upkeep";

interface Stores {
  conversations: ConversationStore;
  feedback: FeedbackStore;
  runs: RunStore;
}

export interface ChatParts {
  database: RuntimeDatabase;
  /** The same after a restart, and no other process has it at once. */
  server: string;
  startTurn: StartTurn;
  /** Visitors may tell the agent a system prompt of their own. */
  allowsSystemPrompt: boolean;
  /** Those that a turn can ask for. */
  domains: () => readonly string[];
  /** Called when runs have ended, and their end is recorded. Must not throw. */
  onEnded?: () => void;
  warn: (warning: string) => void;
}

/** See `ChatRuns`. */
export class RecordedChat implements ChatRuns {
  readonly #live = new Map<string, LiveRun>();
  readonly #places = new AnswerPlaces();
  readonly #news = new EventEmitter().setMaxListeners(0);
  readonly #inOrder = new InOrder();
  #opened: Stores | null = null;
  #endUpkeep = (): void => {};
  #isClosed = false;

  constructor(private readonly parts: ChatParts) {}

  get conversations(): ConversationStore {
    return this.#stores().conversations;
  }

  get feedback(): FeedbackStore {
    return this.#stores().feedback;
  }

  open(): Promise<void> {
    return Promise.resolve().then(() => void this.#stores());
  }

  begin(session: string, call: ChatCall): Promise<Run> {
    // Two calls at once, such as one that is sent again, would both find that nobody answers yet.
    return this.#inOrder.do(call.conversation, () => this.#begin(session, call));
  }

  async list(session: string, conversation: string): Promise<Run[]> {
    return this.#stores().runs.list(session, conversation);
  }

  async running(session: string, conversation: string): Promise<Run | null> {
    const runs = await this.list(session, conversation);
    return runs.findLast(({ outcome }) => outcome === null) ?? null;
  }

  async read(session: string, run: string): Promise<Run> {
    return this.#stores().runs.read(session, run);
  }

  async own(session: string, runs: readonly string[]): Promise<string[]> {
    return this.#stores().runs.own(session, runs);
  }

  async *follow(
    session: string,
    run: string,
    { after = 0, signal }: { after?: number; signal?: AbortSignal } = {},
  ): AsyncGenerator<FollowedEvent, void, void> {
    const parts = {
      read: (seen: number) => this.#stores().runs.events(session, run, { after: seen }),
      news: (leave: AbortSignal) => once(this.#news, run, { signal: leave }),
      live: () => this.#live.get(run) ?? null,
    };
    yield* followRun(parts, after, signal);
  }

  async stop(session: string, conversation: string, run?: string): Promise<Run[]> {
    const { runs } = this.#stores();
    const open = (await runs.list(session, conversation)).filter(
      ({ id, outcome }) => outcome === null && (run === undefined || id === run),
    );
    for (const { id } of open) {
      const live = this.#live.get(id);
      await live?.stop();
      // Also one whose end this process could not record: perhaps it can now.
      if (live === undefined || live.unrecorded !== null) await this.#stopElsewhere(session, id);
      this.#live.delete(id);
    }
    return Promise.all(open.map(({ id }) => runs.read(session, id)));
  }

  remove(session: string, conversation: string): Promise<void> {
    // In order, so that no turn begins between the two.
    return this.#inOrder.do(conversation, async () => {
      await this.stop(session, conversation);
      await this.conversations.remove(session, conversation);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#endUpkeep();
    await Promise.all([...this.#live.values()].map((live) => live.stop("interrupted")));
  }

  async #begin(session: string, call: ChatCall): Promise<Run> {
    if (!this.parts.allowsSystemPrompt) refuseInstructions(call);
    const text = checkMessage(call.message.text);
    domainRequest(call.settings.domain, this.parts.domains());
    const { conversations, runs } = this.#stores();
    const { conversation } = call;
    await conversations.openOrCreate(session, conversation, { title: titleOf(text) });
    const existing = await runs.list(session, conversation);
    if (!call.regenerate) {
      const same = existing.findLast(({ userMessage }) => userMessage === call.message.id);
      if (same !== undefined) return this.#sameQuestion(session, same, text);
    }
    // Before anything is stored: who is refused asks the same again later.
    const writing = [...this.#live.values()].filter(({ unrecorded }) => unrecorded === null);
    const leave = this.#places.take(session, writing);
    try {
      return await this.#beginTurn(session, { ...call, message: { ...call.message, text } }, existing);
    } finally {
      leave();
    }
  }

  async #beginTurn(session: string, call: ChatCall, existing: readonly Run[]): Promise<Run> {
    const { conversations, runs } = this.#stores();
    const { conversation } = call;
    const question = await this.#questionOf(session, call, existing);
    const before = question.parentId;
    const path = before === null ? [] : await conversations.path(session, conversation, { to: before });
    const former = existing.findLast(({ userMessage }) => userMessage === question.id);
    const last = former === undefined ? path.at(-1) : await this.#answerOf(session, former);
    const wanted = domainOfTurn(call.settings.domain, last, this.parts.domains());
    const { domain } = wanted;
    const answer = await conversations.addMessage(session, conversation, {
      parentId: question.id,
      role: "assistant",
      text: "",
      ...(domain !== undefined && { extra: { domain } }),
    });
    const messages = { conversation, userMessage: question.id, assistantMessage: answer.id };
    const run = await runs.begin(session, messages);
    this.#start(session, run, { message: question.text, history: historyOf(path), ...call.settings, ...wanted });
    return run;
  }

  async #answerOf(session: string, { conversation, assistantMessage }: Run): Promise<StoredMessage | undefined> {
    return (await this.conversations.path(session, conversation, { to: assistantMessage })).at(-1);
  }

  /** The run that answers a message already, when it is that message that is sent again. */
  async #sameQuestion(session: string, run: Run, text: string): Promise<Run> {
    const path = await this.#stores().conversations.path(session, run.conversation, { to: run.userMessage });
    if (path.at(-1)?.text === text) return run;
    throw new MemwellError(
      "invalid_request",
      "Another message of this conversation has this id. Leave it out to have one made.",
      { parameter: "id" },
    );
  }

  /** The message to be answered: there already, or added. */
  async #questionOf(session: string, call: ChatCall, runs: readonly Run[]): Promise<StoredMessage> {
    const { conversations } = this.#stores();
    const { conversation, message } = call;
    const tree = await conversations.read(session, conversation);
    if (call.regenerate) {
      const found = tree.messages.find(({ id, role }) => id === message.id && role === "user");
      if (found !== undefined) return found;
      throw new MemwellError("not_found", "The message to be answered again is not there. Send it as a new one.", {
        parameter: "messages",
      });
    }
    const parentId = call.parent === undefined ? tree.activeLeaf : call.parent;
    const writing = runs.find(({ assistantMessage, outcome }) => assistantMessage === parentId && outcome === null);
    if (writing !== undefined)
      throw new MemwellError("conflict", "The answer before it is still being written. Wait for its end, or stop it.", {
        run: writing.id,
      });
    const { id, text } = message;
    return conversations.addMessage(session, conversation, {
      ...(id !== undefined && { id }),
      parentId,
      role: "user",
      text,
    });
  }

  #start(session: string, run: Run, request: TurnRequest): void {
    const { startTurn, warn } = this.parts;
    const live = new LiveRun(run, request, {
      session,
      store: this.#stores().runs,
      startTurn,
      warn,
      onNews: () => this.#news.emit(run.id),
    });
    this.#live.set(run.id, live);
    // Who reads it then finds its end in the store; one that is not there is kept, so that he can be told.
    void live.ended.then(() => {
      if (live.unrecorded === null) this.#live.delete(run.id);
      this.parts.onEnded?.();
    });
  }

  /** Another process works on it, and hears of its end when it records its next event. */
  async #stopElsewhere(session: string, id: string): Promise<void> {
    const { runs } = this.#stores();
    const events: unknown[] = [];
    for (;;) {
      const page = await runs.events(session, id, { after: events.length });
      events.push(...page.events.map(({ event }) => event));
      if (page.events.length === 0 || events.length >= page.run.lastSequence) break;
    }
    const domain = storedDomain((await this.#answerOf(session, await runs.read(session, id)))?.extra);
    await runs.finish(session, id, "stopped", { answer: answerSoFar(events, "stopped", domain) });
  }

  #stores(): Stores {
    if (this.#isClosed)
      throw new MemwellError("engine_closed", "Memwell is shutting down. Ask again once it has started anew.");
    if (this.#opened === null) {
      const database = this.parts.database.open();
      const conversations = new ConversationStore(database);
      const runs = new RunStore(database, {
        server: this.parts.server,
        answerSoFar: (events, before) => answerSoFar(events, "interrupted", storedDomain(before.extra)),
      });
      this.#opened = { conversations, runs, feedback: new FeedbackStore(database) };
      // Done when it returns; what goes wrong with it says no more than the next call does.
      runs.start().then(
        () => this.parts.onEnded?.(),
        () => {},
      );
      this.#endUpkeep = startUpkeep(this.#opened, this.parts.warn);
    }
    return this.#opened;
  }
}
