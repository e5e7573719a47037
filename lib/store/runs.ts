import { randomUUID } from "node:crypto";
import type { Database } from "better-sqlite3";
import { checkSession, checkText, folded, jsonText } from "./conversations-checks";
import { ownConversation } from "./conversations-rows";
import { queries, TypedDatabase } from "./kysely";
import { fillMessage } from "./messages";
import { keepWhatWasSaid } from "./run-answer";
import { beginRun } from "./run-begin";
import { appendEvents, eventTexts, readEvents } from "./run-events";
import { errorText, ownRun, ownRuns, shownRun } from "./run-rows";
import { beat, endOrphans, shownOrphan, takeOver, type RunServer } from "./run-servers";
import { trimEvents, type RunTrim, type Trimmed } from "./run-trim";
import {
  RUN_LIMITS,
  type AnswerSoFar,
  type NewRun,
  type ReapedRun,
  type Run,
  type RunEnd,
  type RunEvents,
  type RunLimits,
  type RunOutcome,
} from "./runs-contract";

export interface RunOptions {
  /** The server's name, such as its host and port: the same after a restart, and no other process has it at once. */
  server: string;
  /** How `start` and `reap` fill the messages of the runs they end, in the same transaction; left as they are without it. */
  answerSoFar?: AnswerSoFar;
  limits?: Partial<RunLimits>;
  /** In ms since the epoch. */
  now?: () => number;
}

/**
 * The records of turns. Each call names the session, as those of `ConversationStore` do; `start`, `heartbeat`, `reap` and
 * `trim` are a server's own, for all sessions.
 *
 * | call        | while the run goes on                     | after its end                          |
 * |-------------|-------------------------------------------|----------------------------------------|
 * | `append`    | all the events, numbered, or none         | `aborted`, with the outcome            |
 * | `finish`    | true: this call ended it                  | false: another one did; nothing changes |
 * | `events`    | what there is so far                      | all, or none once they were trimmed    |
 * | `reap`      | ends it if its server died                | nothing                                |
 *
 * A call's work is done when it returns, before its promise is waited for: appends keep the order they are called in.
 * All throw MemwellError `not_found`, `invalid_request`, `request_too_large` (a limit, named in its fields) or `disk_full`,
 * and change nothing then. Several processes may use one database at once.
 */
export class RunStore {
  readonly #database: TypedDatabase;
  readonly #server: RunServer;
  readonly #answerSoFar: AnswerSoFar | null;
  readonly #limits: RunLimits;
  readonly #now: () => number;

  /** @param database with the newest schema; it stays the caller's to close */
  constructor(database: Database, { server, answerSoFar, limits, now = Date.now }: RunOptions) {
    this.#database = new TypedDatabase(database);
    this.#server = { name: server, process: randomUUID() };
    this.#answerSoFar = answerSoFar ?? null;
    this.#limits = { ...RUN_LIMITS, ...limits };
    this.#now = now;
  }

  /** @throws MemwellError `conflict` too when another run (in its fields) fills that message now */
  begin(session: string, run: NewRun): Promise<Run> {
    return this.#database.write(() => {
      ownConversation(this.#database, checkSession(session), run.conversation);
      beat(this.#database, this.#server, this.#now());
      return shownRun(beginRun(this.#database, this.#server, run, this.#now()));
    });
  }

  read(session: string, id: string): Promise<Run> {
    return this.#database.read(() => shownRun(ownRun(this.#database, checkSession(session), id)));
  }

  /** Which of these ids are runs of this session, in no order. */
  own(session: string, ids: readonly string[]): Promise<string[]> {
    return this.#database.read(() => ownRuns(this.#database, checkSession(session), ids));
  }

  /** The runs of a conversation, the earliest first. */
  list(session: string, conversation: string): Promise<Run[]> {
    return this.#database.read(() => {
      ownConversation(this.#database, checkSession(session), conversation);
      const runs = queries.selectFrom("runs").selectAll().where("conversation_id", "=", conversation);
      return this.#database.all(runs.orderBy("key")).map(shownRun);
    });
  }

  /** @returns the number of the last event; all of them are stored, or none */
  async append(session: string, id: string, events: readonly unknown[]): Promise<number> {
    const checked = eventTexts(events, this.#limits);
    return this.#database.write(() => {
      const run = ownRun(this.#database, checkSession(session), id, { orRemoved: true });
      return appendEvents(this.#database, run, checked, this.#limits);
    });
  }

  /** @param from the events behind the number `after` (0: from the first), `limit` at most (1,000; at most 10,000) */
  events(session: string, id: string, from: { after?: number; limit?: number } = {}): Promise<RunEvents> {
    return this.#database.read(() => {
      const run = ownRun(this.#database, checkSession(session), id);
      return { events: readEvents(this.#database, run, from), run: shownRun(run) };
    });
  }

  /** @returns whether this call ended it; only then its answer is written to the message */
  async finish(session: string, id: string, outcome: RunOutcome, { error, answer }: RunEnd = {}): Promise<boolean> {
    const filling = answer === undefined ? null : this.#checkAnswer(answer);
    return this.#database.write(() => {
      const run = ownRun(this.#database, checkSession(session), id, { orRemoved: true });
      const now = this.#now();
      const end = { outcome, finished_at: now, error: error == null ? null : errorText(error) };
      const won = this.#database.run(
        queries.updateTable("runs").set(end).where("key", "=", run.key).where("outcome", "is", null),
      );
      if (won === 0) return false;
      if (filling !== null) fillMessage(this.#database, run.conversation_id, run.assistant_message_id, filling, now);
      return true;
    });
  }

  /** Says that this server is alive, and ends the runs an earlier process of it has left behind. */
  start(): Promise<ReapedRun[]> {
    return this.#database.write(() => {
      takeOver(this.#database, this.#server);
      beat(this.#database, this.#server, this.#now());
      return this.#endOrphans(this.#now(), Infinity);
    });
  }

  /** Says that this server is alive: to be called several times in the `staleMs` that `reap` is given. */
  heartbeat(): Promise<void> {
    return this.#database.write(() => beat(this.#database, this.#server, this.#now()));
  }

  /**
   * Ends as `interrupted` the runs of servers that were not heard of for `staleMs`, other processes' too. What was appended
   * stays; each run is ended, and answered, by one caller only.
   */
  reap(now: number, staleMs: number): Promise<ReapedRun[]> {
    return this.#database.write(() => {
      beat(this.#database, this.#server, now);
      return this.#endOrphans(now, staleMs);
    });
  }

  /** Deletes the events of ended runs that are too old or too many. */
  trim(trim: RunTrim = {}): Promise<Trimmed> {
    return this.#database.write(() => trimEvents(this.#database, this.#now(), trim));
  }

  #endOrphans(now: number, staleMs: number): ReapedRun[] {
    const orphans = endOrphans(this.#database, now, staleMs);
    if (this.#answerSoFar !== null)
      for (const run of orphans) keepWhatWasSaid(this.#database, run, this.#answerSoFar, this.#limits, now);
    return orphans.map(shownOrphan);
  }

  #checkAnswer({ text, extra }: NonNullable<RunEnd["answer"]>) {
    const checked = checkText("answer", text, this.#limits.messageLength);
    return {
      text: checked,
      text_folded: folded(checked),
      extra: jsonText("extra", extra, this.#limits.extraLength),
    };
  }
}
