import type { ChatMessage } from "../../engine";
import { toMemwellError } from "../../errors";

export interface Trimming {
  /** Turns of history. */
  turns: number;
  hasThinking: boolean;
  /** The prompt with the history from `firstTurn` on. */
  compose: (firstTurn: number, withThinking: boolean) => ChatMessage[];
  contextSize: number;
  /** Throws `context_length_exceeded` for what is so long that an engine does not count it to its end. */
  countTokens: (messages: ChatMessage[]) => Promise<number>;
}

/**
 * How much of a conversation a context holds beside room for the answer: a quarter of it, and 512 tokens at most. In this
 * order, until it fits:
 *
 * 1. everything;
 * 2. without the oldest turns, always whole ones, and some more than needed, so that the next turns begin with the same
 *    history and reuse it: with `n` turns that could stay, the first that stays has a number divisible by the largest
 *    power of two that is at most `n / 2`;
 * 3. without history and notes.
 *
 * What then does not fit (the instructions, this turn's segments and results, and the newest message) is left as it is:
 * the engine refuses it by name. Calls `countTokens` once where everything fits, else at most log2(turns) + 3 times.
 */
export async function trimToContext(trimming: Trimming): Promise<{ firstTurn: number; withThinking: boolean }> {
  const { turns, hasThinking, compose, contextSize, countTokens } = trimming;
  const room = contextSize - Math.min(512, Math.floor(contextSize / 4));
  const fits = (firstTurn: number) =>
    countTokens(compose(firstTurn, true)).then(
      (tokens) => tokens <= room,
      (thrown: unknown) => {
        if (toMemwellError(thrown).code === "context_length_exceeded") return false;
        throw thrown;
      },
    );

  if (await fits(0)) return { firstTurn: 0, withThinking: true };
  if (turns > 0 && (await fits(turns)))
    return { firstTurn: onStep(await firstThatFits(turns, fits), turns), withThinking: true };
  return { firstTurn: turns, withThinking: !hasThinking };
}

/** The smallest number of turns to leave out; leaving out all is known to fit, and leaving out none not to. */
async function firstThatFits(turns: number, fits: (firstTurn: number) => Promise<boolean>): Promise<number> {
  let [tooFew, enough] = [0, turns];
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (await fits(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}

function onStep(firstTurn: number, turns: number): number {
  const kept = turns - firstTurn;
  const step = kept < 2 ? 1 : 2 ** Math.floor(Math.log2(kept / 2));
  return Math.ceil(firstTurn / step) * step;
}
