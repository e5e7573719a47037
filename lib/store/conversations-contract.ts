/** Who said it. */
export type MessageRole = "system" | "user" | "assistant";

export interface Conversation {
  id: string;
  /** Empty until it has one. */
  title: string;
  /** In ms since the epoch, as all times here. */
  createdAt: number;
  /** When a message was last added or filled. */
  updatedAt: number;
  messageCount: number;
}

export interface StoredMessage {
  id: string;
  /** The message it answers or follows; null for a first one. Several below one parent are branches. */
  parentId: string | null;
  role: MessageRole;
  text: string;
  /** What a surface keeps with it, any JSON: charts, figures. Null when nothing. */
  extra: unknown;
  createdAt: number;
}

/** A conversation with all its branches. */
export interface ConversationTree extends Conversation {
  /** In the order they were added, so that a parent stands before its children. */
  messages: StoredMessage[];
  /** The last message of the branch that is shown; null when there is none yet. */
  activeLeaf: string | null;
}

export interface NewMessage {
  /** Up to 64 letters, digits, `_` and `-`, unique in the conversation; made up when missing. */
  id?: string;
  parentId: string | null;
  role: MessageRole;
  text: string;
  extra?: unknown;
}

export interface ConversationQuery {
  /** The `next` of the page before. */
  after?: string;
  /** 50 by default, 200 at most. */
  limit?: number;
  /** What the title or a message must contain, in upper or lower case. */
  search?: string;
}

export interface ConversationPage {
  /** Newest first, by when a message was last added. */
  conversations: Conversation[];
  /** What to ask for the next page with; null on the last one. */
  next: string | null;
}

export interface ConversationLimits {
  /** In UTF-16 units, as every length of text here. */
  titleLength: number;
  messageLength: number;
  /** Of a message's `extra`, as JSON text. */
  extraLength: number;
  messagesPerConversation: number;
  /** Of one session, with those that were removed and can still be restored. */
  conversationsPerSession: number;
  /** The text and `extra` of all messages of an import. */
  importLength: number;
}

export const CONVERSATION_LIMITS: ConversationLimits = {
  titleLength: 200,
  // An answer of 20,000 tokens has about 100,000.
  messageLength: 400_000,
  extraLength: 400_000,
  messagesPerConversation: 5_000,
  conversationsPerSession: 5_000,
  importLength: 20_000_000,
};
