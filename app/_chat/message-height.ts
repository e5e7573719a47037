import type { TurnMessage } from "@/lib/wire";

import { textOf } from "./message-text";

/** Of a line of text, and of what stands around a message; in pixels, of a window of common width. */
const LINE = 26;
const LINE_CHARACTERS = 90;
const AROUND = 64;

const known = new WeakMap<TurnMessage, number>();

/** About how high a message will be, in pixels: the scroll bar goes by it until the message was laid out once. */
export function guessHeight(message: TurnMessage): number {
  let height = known.get(message);
  if (height === undefined) {
    const lines = textOf(message).split("\n");
    height = AROUND + LINE * lines.reduce((sum, line) => sum + Math.ceil(line.length / LINE_CHARACTERS), 0);
    known.set(message, height);
  }
  return height;
}
