import { MemwellError } from "../../errors";

/** Answers that one visitor may have under way. */
const MOST_OF_A_SESSION = 8;
/** Each waits for a model or uses one, and holds little else. */
const MOST = 64;

/** How many answers may be under way. */
export class AnswerPlaces {
  /** Those that are counted, though nobody writes them yet. */
  readonly #beginning = new Set<{ readonly session: string }>();

  /**
   * A place for one more answer of a session.
   *
   * @param writing the answers being written
   * @returns ends the place: the answer is one of those being written from then on, or was given up
   * @throws MemwellError `queue_full`
   */
  take(session: string, writing: readonly { readonly session: string }[]): () => void {
    const all = [...writing, ...this.#beginning];
    const own = all.filter((other) => other.session === session);
    if (own.length < MOST_OF_A_SESSION && all.length < MOST) {
      const place = { session };
      this.#beginning.add(place);
      return () => void this.#beginning.delete(place);
    }
    const limit = own.length < MOST_OF_A_SESSION ? MOST : MOST_OF_A_SESSION;
    throw new MemwellError(
      "queue_full",
      `${limit} answers are being written already, which is as many as may. Ask again when one has ended.`,
      { limit },
    );
  }
}
