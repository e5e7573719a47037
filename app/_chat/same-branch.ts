import type { TurnMessage } from "@/lib/wire";

import { textOf } from "./message-text";

/** Whether the page shows what the server has: then its messages stay the objects they are, and are not drawn again. */
export function isSameBranch(shown: readonly TurnMessage[], kept: readonly TurnMessage[]): boolean {
  if (shown.length !== kept.length) return false;
  return shown.every((message, index) => {
    const other = kept[index]!;
    return message.id === other.id && (index < shown.length - 1 || isSameMessage(message, other));
  });
}

/** An answer that was broken off may have less than what is kept of it, and none of its end. */
function isSameMessage(shown: TurnMessage, kept: TurnMessage): boolean {
  return shown.parts.length === kept.parts.length && textOf(shown) === textOf(kept);
}
