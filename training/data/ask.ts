import type { Dice } from "./dice";
import { CLOSERS, OPENERS } from "./frames/around";
import { withNoise } from "./noise";

/** A message made of one of the frames with `subject` in its gap, and what people put around it. */
export function ask(frames: readonly string[], subject: string, dice: Dice): string {
  // A function, since a subject may hold what a replacement text reads as a command.
  return dress(
    dice.pick(frames).replace(/\{[xh]\}/, () => subject),
    dice,
  );
}

/** A message with an opener or a closer now and then, and as people type. */
export function dress(message: string, dice: Dice): string {
  const opener = dice.chance(0.15) ? dice.pick(OPENERS) : "";
  const closer = dice.chance(0.12) ? dice.pick(CLOSERS) : "";
  const body = closer === "" ? message : message.replace(/[.?!]$/, "");
  return withNoise(`${opener}${body}${closer}`, dice);
}
