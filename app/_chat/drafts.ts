import { keepInBrowser, keptInBrowser, keysInBrowser } from "./browser-storage";

/*
 * What a visitor has typed and not sent, kept in the browser: it outlives a reload. It goes with its conversation, once
 * that cannot be had back any more.
 */

const DRAFT = "memwell.draft.";
const REMOVED = "memwell.removed.";

/** Something half-written. */
export interface KeptText {
  /** Empty when there is nothing. */
  read: () => string;
  /** Empty: forgets it. */
  write: (text: string) => void;
}

/** The next message of a conversation. Ids have no dots, so what is written elsewhere in it has another key. */
export function messageDraft(conversation: string): KeptText {
  return keptUnder(DRAFT + conversation);
}

/** A message on its way to the server: until that has taken it, only this browser has it. */
export function sentMessage(conversation: string): KeptText {
  return keptUnder(`${DRAFT}${conversation}.sent`);
}

/** What is written at one of its messages: another wording, a comment, an answer to a practice question. */
export function draftAt(conversation: string, message: string, kind: "edit" | "comment" | "practice"): KeptText {
  return keptUnder(`${DRAFT}${conversation}.${kind}.${message}`);
}

/** The conversation was deleted, and can be had back until `settleRemoved`. */
export function markRemoved(conversation: string, now = Date.now()): void {
  keepInBrowser(REMOVED + conversation, String(now));
}

/** The conversation is there again. */
export function unmarkRemoved(conversation: string): void {
  keepInBrowser(REMOVED + conversation, "");
}

/** Forgets what was typed in a conversation that is gone. */
export function settleRemoved(conversation: string): void {
  const whole = DRAFT + conversation;
  for (const key of keysInBrowser(whole)) if (key === whole || key.startsWith(`${whole}.`)) keepInBrowser(key, "");
  unmarkRemoved(conversation);
}

/** As `settleRemoved`, for all that were deleted longer ago than this: the page may have been closed in between. */
export function settleAllRemoved(longerAgoThanMs: number, now = Date.now()): void {
  for (const key of keysInBrowser(REMOVED)) {
    const removedAt = Number(keptInBrowser(key));
    if (!(now - removedAt <= longerAgoThanMs)) settleRemoved(key.slice(REMOVED.length));
  }
}

function keptUnder(key: string): KeptText {
  return { read: () => keptInBrowser(key), write: (text) => void keepInBrowser(key, text) };
}
