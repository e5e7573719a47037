import type { MessageDetails, TurnMessage } from "@/lib/wire";

import { textOf } from "./message-text";

/** Whether the page shows what the server has: then its messages stay the objects they are, and are not drawn again. */
export function isSameBranch(shown: readonly TurnMessage[], kept: readonly TurnMessage[]): boolean {
  if (shown.length !== kept.length) return false;
  return shown.every((message, index) => {
    const other = kept[index]!;
    return message.id === other.id && (index < shown.length - 1 || isSameMessage(message, other));
  });
}

/** What the server has, with the page's own messages where they say the same: those need not be drawn again. */
export function withShown(shown: readonly TurnMessage[], kept: readonly TurnMessage[]): TurnMessage[] {
  const known = new Map(shown.map((message) => [message.id, message]));
  return kept.map((message) => {
    const own = known.get(message.id);
    return own !== undefined && isSameMessage(own, message) ? own : message;
  });
}

/** What stands beside each message, by its id; what has not changed stays the object that it is. */
export function detailsById(
  known: ReadonlyMap<string, MessageDetails>,
  told: readonly MessageDetails[],
): ReadonlyMap<string, MessageDetails> {
  return new Map(
    told.map((details) => {
      const own = known.get(details.id);
      const isSame = own !== undefined && JSON.stringify(own) === JSON.stringify(details);
      return [details.id, isSame ? own : details];
    }),
  );
}

/** An answer that was broken off may have less than what is kept of it, and none of its end. */
function isSameMessage(shown: TurnMessage, kept: TurnMessage): boolean {
  return shown.parts.length === kept.parts.length && textOf(shown) === textOf(kept);
}
