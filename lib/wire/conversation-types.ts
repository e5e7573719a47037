import type { TurnMessage } from "./ui-stream-types";

/*
 * Bodies of /api/conversations. Times are in ms since 1970. Fields may be added.
 */

export interface ConversationEntry {
  id: string;
  /** Empty until it has one. */
  title: string;
  created_at: number;
  /** When a message was last added or filled. */
  updated_at: number;
  /** Of all branches. */
  message_count: number;
}

/** Newest first. */
export interface ConversationListBody {
  conversations: ConversationEntry[];
  /** What to ask for the next page with, as `after`; null on the last one. */
  next: string | null;
}

export interface FeedbackEntry {
  rating: "like" | "dislike";
  /** Empty when there is none. */
  comment: string;
  updated_at: number;
}

/** What stands beside a message. */
export interface MessageDetails {
  id: string;
  created_at: number;
  /** All messages in its place, itself included, the earliest first: the branches to switch between. */
  siblings: string[];
  feedback: FeedbackEntry | null;
}

/** The body of `GET /api/runs/ID`: which message of which conversation a run has filled, or fills. */
export interface RunPlaceBody {
  run: string;
  conversation: string;
  message: string;
}

/** A conversation as a page shows it again. */
export interface ConversationBody extends ConversationEntry {
  /** Those of the active branch, from the first one on. */
  messages: TurnMessage[];
  /** Of each of `messages`, in the same order. */
  details: MessageDetails[];
  /** The run that writes in this conversation now, perhaps on another branch; null when none does. */
  run: string | null;
}
