import "./zod-without-eval";

import { Chat } from "@ai-sdk/react";

import type { ConversationBody, TurnMessage } from "@/lib/wire";

import { AgentProgress } from "./agent-progress";
import { NEW_SESSION, type AgentSessionListener, type AgentSessionState } from "./agent-session-contract";
import { agentTransport } from "./agent-transport";
import { answerEnd, endWords } from "./answer-end";
import { CatchUp, pause } from "./catch-up";
import { rateMessage, stopAnswers, switchBranch, unrateMessage, type Opinion } from "./conversations-api";
import { newId } from "./new-id";
import { detailsById, isSameBranch, withShown } from "./same-branch";
import { Refusal } from "./visitor-fetch";

const BUSY = "An answer is being written: wait for its end, or stop it.";
const STOPPED = "It was stopped before the server had the message.";
const SHORT_PAUSE_MS = 30;

/**
 * A conversation that the server keeps, as one page shows it: the AI SDK's `Chat`, and what it leaves open. Whatever
 * breaks, the conversation is read again from the server, and an answer that is still being written is read on.
 *
 * | call                        | then                                                                  |
 * |-----------------------------|-----------------------------------------------------------------------|
 * | `open`                      | asks the first message; or shows what is kept, and what is being written |
 * | `ask`, `edit`, `regenerate` | streams the answer; a message that is refused is given back            |
 * | `stop`                      | the server ends the answer, and the stream with it                     |
 * | `close`                     | leaves; the server goes on                                             |
 */
export class AgentSession {
  readonly chat: Chat<TurnMessage>;
  readonly #progress = new AgentProgress((change) => this.#change(change));
  readonly #catchUp: CatchUp;
  readonly #listeners = new Set<() => void>();
  #state = NEW_SESSION;
  #first: string | null;
  #isOpen = false;
  #closing: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;
  /** The run that is read again. */
  #run: string | null = null;
  #failure: Error | null = null;
  #isStopWanted = false;
  /** The server has said that it has what was sent last. */
  #isTaken = false;
  /** An answer was written since the last time that nothing was. */
  #isAnswered = false;

  /** @param first the message that begins the conversation; null: it is there already */
  constructor(
    readonly id: string,
    first: string | null,
    private readonly listener: AgentSessionListener,
  ) {
    this.#first = first;
    this.chat = new Chat<TurnMessage>({
      id,
      generateId: newId,
      transport: agentTransport({
        onBegan: () => {
          this.#isTaken = true;
          if (!this.#isClosed) listener.onBegan();
        },
        run: () => this.#run,
        settings: () => listener.settings(),
      }),
      onData: (part) => this.#progress.hear(part),
      onError: (error) => {
        this.#failure = error;
      },
    });
    this.#catchUp = new CatchUp(id, {
      show: (body) => {
        this.#show(body);
        this.#change({ phase: "open", isLost: false });
      },
      readOn: (run) => this.#readOn(run),
      onLost: () => this.#state.isLost || this.#change({ isLost: true, announcement: "The connection is lost." }),
    });
  }

  get state(): AgentSessionState {
    return this.#state;
  }

  /** An answer is being written, as far as is known. */
  get isBusy(): boolean {
    const { status } = this.chat;
    return status === "submitted" || status === "streaming" || this.#state.isLost;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  async open(): Promise<void> {
    clearTimeout(this.#closing);
    this.#isClosed = false;
    if (this.#isOpen) return;
    this.#isOpen = true;
    const first = this.#first;
    this.#first = null;
    if (first === null) return this.#synchronize();
    this.#change({ phase: "open" });
    await this.ask(first);
  }

  /** React closes and opens again at once what it checks for mistakes: that is no end. */
  close(): void {
    this.#closing = setTimeout(() => {
      this.#isOpen = false;
      this.#isClosed = true;
      this.#catchUp.close();
      void this.chat.stop();
    });
  }

  /** Asks the next question. */
  async ask(text: string): Promise<void> {
    await this.#askAfter(text, (messages) => messages);
  }

  /** Asks another question in the place of one that was asked: a branch of its own. */
  async edit(message: string, text: string): Promise<void> {
    await this.#askAfter(text, (messages) => {
      const at = messages.findIndex(({ id }) => id === message);
      return messages.slice(0, at);
    });
  }

  /** Another answer in the place of one that was given. */
  async regenerate(answer: string): Promise<void> {
    if (await this.#isFree()) await this.#send(null, () => this.chat.regenerate({ messageId: answer }));
  }

  /** Ends the answer that is being written. */
  async stop(): Promise<void> {
    if (!this.isBusy) return;
    this.#isStopWanted = true;
    const stopped = await stopAnswers(this.id).catch(() => []);
    if (stopped.length > 0 || !this.isBusy || this.#state.isLost) return;
    // The message is still on its way to the server.
    await this.chat.stop();
    await stopAnswers(this.id).catch(() => []);
  }

  /** Shows the branch that a message is on. */
  async switchTo(message: string): Promise<void> {
    await this.#try(async () => {
      if (await this.#isFree()) this.#show(await switchBranch(this.id, message));
    });
  }

  /** @param opinion null takes it back. Returns whether the server has kept it. */
  rate(message: string, opinion: Opinion | null): Promise<boolean> {
    return this.#try(async () => {
      const feedback = opinion === null ? null : await rateMessage(this.id, message, opinion);
      if (opinion === null) await unrateMessage(this.id, message);
      const { details } = this.#state;
      const known = details.get(message);
      if (known !== undefined) this.#change({ details: new Map(details).set(message, { ...known, feedback }) });
    });
  }

  /** To be called when another tab has changed the conversation, or the visitor comes back to this one. */
  async refresh(): Promise<void> {
    if (!this.isBusy && this.#state.phase === "open" && this.chat.messages.length > 0) await this.#synchronize();
  }

  async #askAfter(text: string, keep: (messages: TurnMessage[]) => TurnMessage[]): Promise<void> {
    if (!(await this.#isFree())) return this.listener.onRefused(text, BUSY);
    await this.#send(text, () => {
      this.chat.messages = keep(this.chat.messages);
      return this.chat.sendMessage({ id: newId(), role: "user", parts: [{ type: "text", text }] });
    });
  }

  /** Whether something can be asked, as soon as it is known what the server has. */
  async #isFree(): Promise<boolean> {
    while (this.#catchUp.isRunning && !this.isBusy) await pause(SHORT_PAUSE_MS);
    return !this.isBusy;
  }

  /** @param text what is given back when it is refused; null for nothing */
  async #send(text: string | null, call: () => Promise<void>): Promise<void> {
    const before = this.chat.messages;
    this.#failure = null;
    this.#isStopWanted = false;
    this.#isTaken = false;
    this.#progress.reset();
    this.#change({ problem: null, announcement: "The message was sent." });
    await call();
    if (this.#isClosed) return;
    const failure = this.#failure as Error | null;
    if (failure === null && !this.#isTaken) return this.#withdraw(text, before);
    this.#isAnswered = true;
    if (!(failure instanceof Refusal)) return this.#synchronize();
    this.#isAnswered = false;
    this.chat.messages = before;
    this.chat.clearError();
    this.#change({ announcement: `The answer failed: ${failure.message}` });
    if (text === null) this.#change({ problem: failure.message });
    else this.listener.onRefused(text, failure.message);
  }

  /** It was stopped on its way to the server, which may have it all the same. */
  async #withdraw(text: string | null, before: TurnMessage[]): Promise<void> {
    this.chat.messages = before;
    this.#change({ announcement: STOPPED });
    if (before.length > 0) await this.#synchronize();
    if (this.#isClosed) return;
    if (this.chat.messages.at(-1)?.id !== before.at(-1)?.id) this.listener.onBegan();
    else if (text !== null) this.listener.onRefused(text, STOPPED);
  }

  async #readOn(run: string): Promise<boolean> {
    if (this.#isStopWanted) await stopAnswers(this.id);
    this.#isAnswered = true;
    this.#run = run;
    this.#failure = null;
    await this.chat.resumeStream();
    return (this.#failure as Error | null) === null;
  }

  /** Messages that the page has are left to be read, whatever the server says. */
  async #synchronize(): Promise<void> {
    try {
      await this.#catchUp.run();
    } catch (thrown) {
      const isMissing = thrown instanceof Refusal && thrown.code === "not_found" && this.chat.messages.length === 0;
      const problem = isMissing ? null : wordsOf(thrown);
      this.#change({ phase: isMissing ? "missing" : "open", isLost: false, problem });
    }
    this.chat.clearError();
    if (!this.#isAnswered || this.#isClosed) return;
    this.#isAnswered = false;
    const last = this.chat.messages.at(-1);
    if (last?.role === "assistant") this.#change({ announcement: endWords(answerEnd(last)) });
    this.listener.onChanged();
  }

  #show({ messages, details }: ConversationBody): void {
    const shown = this.chat.messages;
    if (!isSameBranch(shown, messages)) this.chat.messages = withShown(shown, messages);
    this.#change({ details: detailsById(this.#state.details, details) });
  }

  async #try(action: () => Promise<void>): Promise<boolean> {
    this.#change({ problem: null });
    try {
      await action();
      return true;
    } catch (thrown) {
      this.#change({ problem: wordsOf(thrown) });
      return false;
    }
  }

  #change(change: Partial<AgentSessionState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function wordsOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
