import { balance } from "./balance";
import { CharacterFilter } from "./characters";
import { lastWholeCodeLine, lastWholeSentence } from "./cut";
import { HeldTail } from "./held-tail";
import { TokenFilter } from "./token-filter";

/** With so many tokens left or fewer, text is shown by whole sentences. Most sentences of English are shorter. */
export const SENTENCE_WINDOW_TOKENS = 48;

export type AnswerEnd = "stop" | "length" | "aborted";

/**
 * What a model writes in, what the visitor sees out, as early as it is certain. Only what may still become part of a
 * token, a delimiter or blanks at the end is held back: nothing that was shown is ever taken back, since neither an
 * OpenAI stream nor an AI SDK stream can, and text that vanishes is harder to read than text that comes late.
 *
 * 1. `\r\n` and `\r` become `\n`; halves of characters, control and zero-width characters go (`CharacterFilter`).
 * 2. Known tokens of chat templates go, also where they come together only when another one is gone.
 * 3. After a token that opens a turn, the role goes with it. When the role is not the model's own, and something was
 *    written before, the answer ends there; the same for `[INST]`, `<|user|>` and their like. At the very start they only
 *    go: an answer that is empty helps nobody.
 * 4. What stands between `<think>` and `</think>`, or between `<think>` and the end, is not shown. A lone `</think>` goes
 *    and what stood before it stays: it was shown.
 * 5. A line that begins with a speaker's label (`User:`, `Student:`, `### Instruction:`) ends the answer, but not where it
 *    is the first thing.
 * 6. 2 to 5 do not hold in a code fence, closed or not, nor in inline code that is closed in its own paragraph: until
 *    that is known, what follows the token waits.
 * 7. A token that broke off at the end goes when it began with `<|`; a lone `<` or `[` stays, it may be meant.
 * 8. Other text in angle brackets stays: `a < b > c`, `x<sub>2</sub>`. `<s>` outside of code is a token and goes.
 * 9. Blanks at the start and the end go.
 * 10. In the last `SENTENCE_WINDOW_TOKENS` tokens, text comes by whole sentences (`lastWholeSentence`), and lines of an
 *    open fence that is shown already come whole. So an end by `length` cuts at a sentence, and no half sentence is seen
 *    to vanish. Where the sentence had begun before the window, or none has ended, what is there stays.
 * 11. At the end, what is open is closed (`balance`), after `stop` and `aborted` too.
 */
export class AnswerStream {
  readonly #characters = new CharacterFilter();
  readonly #tokens = new TokenFilter();
  readonly #tail = new HeldTail();
  /** How many characters of the filter's text were shown. */
  #shown = 0;
  #shownText = "";
  #ended = false;

  /**
   * More of the model's text. `remainingTokens`: how many more tokens the model may write; leave it out when nothing
   * limits it. Answers what to append to what is shown, often "".
   */
  push(text: string, remainingTokens = Infinity): string {
    if (this.#ended) return "";
    this.#tokens.push(this.#characters.push(text));
    const { text: characters, decided } = this.#tokens;
    const visible = this.#tail.visibleEnd(characters, decided);
    if (visible <= this.#shown) return "";
    if (remainingTokens <= SENTENCE_WINDOW_TOKENS)
      return this.#showSentences(characters.slice(this.#shown, visible).join(""));
    const piece = characters.slice(this.#shown, visible).join("");
    return this.#show(piece);
  }

  /** The last that is to be appended. Afterwards `text` is the whole answer, and `push` answers "". */
  end(reason: AnswerEnd): string {
    if (this.#ended) return "";
    this.#ended = true;
    const whole = this.#tokens.end();
    const kept = reason === "length" ? whole.slice(0, this.#cut(whole, true) ?? undefined) : whole;
    const final = balance(kept, reason !== "stop");
    return this.#show(final.slice(this.#shownText.length));
  }

  /** All that was shown. */
  get text(): string {
    return this.#shownText;
  }

  /** Whatever the model still writes is not part of the answer (rules 3 and 5). */
  get isOver(): boolean {
    return this.#tokens.isOver;
  }

  #showSentences(piece: string): string {
    const cut = this.#cut(this.#shownText + piece, false);
    return cut === null ? "" : this.#show(piece.slice(0, cut - this.#shownText.length));
  }

  /** Where to cut a text that begins with what is shown; null when no place behind that will do. */
  #cut(text: string, ended: boolean): number | null {
    const sentence = lastWholeSentence(text, ended);
    if (sentence > 0 && sentence >= this.#shownText.length) return sentence;
    const code = lastWholeCodeLine(text);
    const shown = this.#shownText.length;
    return code !== null && code.start < shown && code.cut >= shown ? code.cut : null;
  }

  #show(piece: string): string {
    this.#shown += Array.from(piece).length;
    this.#shownText += piece;
    return piece;
  }
}
