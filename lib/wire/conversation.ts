import type { ConversationBody, ConversationEntry, ConversationListBody, FeedbackEntry } from "./conversation-types";
import { storedMessage, type KeptMessage, type KeptRun } from "./stored-message";

/** A conversation as the store lists it. */
export interface ListedConversation {
  id: string;
  title: string;
  createdAt: number;
  updatedAt: number;
  messageCount: number;
}

/** A conversation with all its branches; the store's `ConversationTree` fits. */
export interface KeptConversation extends ListedConversation {
  /** A parent stands before its children. */
  messages: readonly KeptMessage[];
  /** The last message of the branch that is shown. */
  activeLeaf: string | null;
}

/** What a visitor thinks of a message; the store's `Feedback` fits. */
export interface KeptFeedback {
  message: string;
  rating: "like" | "dislike";
  comment: string;
  updatedAt: number;
}

export function encodeConversationEntry(conversation: ListedConversation): ConversationEntry {
  const { id, title, createdAt, updatedAt, messageCount } = conversation;
  return { id, title, created_at: createdAt, updated_at: updatedAt, message_count: messageCount };
}

export function encodeConversationList(page: {
  conversations: readonly ListedConversation[];
  next: string | null;
}): ConversationListBody {
  return { conversations: page.conversations.map(encodeConversationEntry), next: page.next };
}

export function encodeFeedback({ rating, comment, updatedAt }: KeptFeedback): FeedbackEntry {
  return { rating, comment, updated_at: updatedAt };
}

/**
 * A conversation as a page shows it again.
 *
 * @param runs those of the conversation, the earliest first: the newest one says how its message came to be
 * @param feedback of any of its messages
 */
export function encodeConversation(
  conversation: KeptConversation,
  runs: readonly KeptRun[],
  feedback: readonly KeptFeedback[],
): ConversationBody {
  const branch = activeBranch(conversation);
  const siblings = new Map<string | null, string[]>();
  for (const { id, parentId } of conversation.messages) {
    const others = siblings.get(parentId);
    if (others === undefined) siblings.set(parentId, [id]);
    else others.push(id);
  }
  const runOf = new Map(runs.map((run) => [run.assistantMessage, run]));
  const feedbackOf = new Map(feedback.map((said) => [said.message, encodeFeedback(said)]));
  return {
    ...encodeConversationEntry(conversation),
    messages: branch.map((message) => storedMessage(message, conversation.id, runOf.get(message.id))),
    details: branch.map(({ id, parentId, createdAt }) => ({
      id,
      created_at: createdAt,
      siblings: siblings.get(parentId) ?? [],
      feedback: feedbackOf.get(id) ?? null,
    })),
    run: runs.findLast(({ outcome }) => outcome === null)?.id ?? null,
  };
}

/** The messages of the branch that is shown, from the first one on. */
export function activeBranch({ messages, activeLeaf }: KeptConversation): KeptMessage[] {
  const branch: KeptMessage[] = [];
  let wanted = activeLeaf;
  for (const message of messages.toReversed()) {
    if (message.id !== wanted) continue;
    branch.push(message);
    wanted = message.parentId;
  }
  return branch.reverse();
}
