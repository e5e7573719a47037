import type { AgentEvent, TurnRequest } from "../../agent";
import type { ConversationStore, FeedbackStore, Run } from "../../store";
import type { WaitEvent } from "../contract";

/** What a visitor asks: the next turn of a conversation, or an answer once more. */
export interface ChatCall {
  /** The id its page has chosen; a conversation that nobody has is made. */
  conversation: string;
  /** The id comes from the page too, so that a call which is sent again asks nothing twice; made up when undefined. */
  message: { id: string | undefined; text: string };
  /** The message that this one follows: null for the first one, undefined for the newest of the branch that is shown. */
  parent?: string | null | undefined;
  /** The message is there already, and gets another answer beside those it has. */
  regenerate: boolean;
  /**
   * A turn without a domain is answered in that of the answer before it, or of the one it replaces; `none` ends that, and
   * `auto` has one chosen by what the message is about.
   */
  settings: Pick<TurnRequest, "sampling" | "maxTokens" | "maxThoughtTokens" | "instructions" | "domain">;
}

export type RecordedEvent = AgentEvent<WaitEvent>;

/** What a reader of a run hears: its events in order, then once how it ended. */
export type FollowedEvent =
  | { type: "event"; sequence: number; event: RecordedEvent }
  | { type: "end"; run: Run & { outcome: NonNullable<Run["outcome"]> } };

/**
 * The visitors' conversations, each turn a record that goes on without its readers: who leaves and comes back reads on
 * where he stopped, and a second reader sees the same.
 *
 * Every call names the session it is for. All throw MemwellError: `not_found` for what is not the session's,
 * `invalid_request` and `request_too_large` for what cannot be asked, `disk_full`, and `engine_closed` after `close`.
 */
export interface ChatRuns {
  /** The conversations themselves. To remove one there would leave its answer being written: see `remove`. */
  readonly conversations: Omit<ConversationStore, "remove">;
  /** What visitors think of answers. */
  readonly feedback: FeedbackStore;
  /**
   * Begins a turn, which goes on by itself. A message that was asked before is not asked again: its newest run is
   * returned.
   *
   * @throws MemwellError `conflict` while the answer before it is being written, `queue_full`, `admin_only` for instructions
   *   where the owner allows none
   */
  begin(session: string, call: ChatCall): Promise<Run>;
  /** The runs of a conversation, the earliest first. */
  list(session: string, conversation: string): Promise<Run[]>;
  /** The run that writes in this conversation now, the newest of several; null when none does. */
  running(session: string, conversation: string): Promise<Run | null>;
  read(session: string, run: string): Promise<Run>;
  /** Which of these ids are runs of this session, in no order; 10,000 at most. */
  own(session: string, runs: readonly string[]): Promise<string[]>;
  /**
   * The events of a run behind the number `after` (0: all of them), those to come included, then its end. Ends without one
   * when `signal` is aborted.
   */
  follow(
    session: string,
    run: string,
    options?: { after?: number; signal?: AbortSignal },
  ): AsyncGenerator<FollowedEvent, void, void>;
  /**
   * Stops the runs of a conversation, or one of them, and waits for their end; what was said is kept.
   *
   * @returns the runs that were going on
   */
  stop(session: string, conversation: string, run?: string): Promise<Run[]>;
  /** Stops the runs of a conversation and hides it; `conversations.restore` brings it back for a week. */
  remove(session: string, conversation: string): Promise<void>;
  /** Ends what an earlier process has left behind, and begins to look after the records. Called by the first use, too. */
  open(): Promise<void>;
  /** Ends every run as interrupted, with what was said. Safe to call twice. */
  close(): Promise<void>;
}
