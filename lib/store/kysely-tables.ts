import type { Generated } from "kysely";

/**
 * The tables of conversations, runs and memory over time as queries see them; `migrations.ts` makes them. Times are in ms since the epoch.
 * What is JSON in a column is text here.
 */
export interface Tables {
  conversations: ConversationTable;
  messages: MessageTable;
  feedback: FeedbackTable;
  runs: RunTable;
  run_events: RunEventTable;
  run_servers: RunServerTable;
  memory_series: MemorySeriesTable;
  memory_samples: MemorySampleTable;
  memory_events: MemoryEventTable;
}

interface ConversationTable {
  id: string;
  session_id: string;
  title: string;
  /** As search compares it; null where the title itself does. */
  title_folded: string | null;
  created_at: number;
  updated_at: number;
  deleted_at: Generated<number | null>;
  message_count: Generated<number>;
  /** The first message of the active branch. */
  active_root_id: Generated<string | null>;
}

interface MessageTable {
  conversation_id: string;
  /** Unique in its conversation. */
  id: string;
  /** From 1 in the order of adding. */
  ordinal: number;
  parent_id: string | null;
  /** Where the branch goes on that was last looked at from here. */
  active_child_id: Generated<string | null>;
  role: "system" | "user" | "assistant";
  text: string;
  text_folded: string | null;
  extra: string | null;
  created_at: number;
}

interface FeedbackTable {
  conversation_id: string;
  message_id: string;
  session_id: string;
  rating: "like" | "dislike";
  comment: string;
  updated_at: number;
}

interface RunTable {
  key: Generated<number>;
  id: string;
  conversation_id: string;
  user_message_id: string;
  assistant_message_id: string;
  server_id: string;
  process_id: string;
  began_at: number;
  finished_at: Generated<number | null>;
  /** Null while it goes on. */
  outcome: Generated<"done" | "stopped" | "failed" | "interrupted" | null>;
  error: Generated<string | null>;
  last_sequence: Generated<number>;
  event_bytes: Generated<number>;
  trimmed_at: Generated<number | null>;
  /** 1 once it stands among the figures. */
  has_figures: Generated<number>;
}

interface RunEventTable {
  run_key: number;
  sequence: number;
  event: string;
}

interface RunServerTable {
  server_id: string;
  process_id: string;
  beat_at: number;
}

interface MemorySeriesTable {
  id: Generated<number>;
  owner: string;
  /** Empty where there is only one. */
  name: string;
  figure: string;
}

/** One bucket of one level. */
interface MemorySampleTable {
  /** The bucket's width, in ms. */
  step: number;
  /** When it begins. */
  time: number;
  /** See `samples/bucket.ts`. */
  figures: Buffer;
}

interface MemoryEventTable {
  id: Generated<number>;
  time: number;
  event: string;
  model: string | null;
  /** JSON of what else is known. */
  detail: string;
}
