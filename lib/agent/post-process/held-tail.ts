const MAY_GO = /[\s`*_~$\\]/;
const COMMAND_START = /^\\(?:[([]|b|be|beg|begi|begin|e|en|end|(?:begin|end)\{[A-Za-z]{0,16}\*?)$/;

/**
 * Finds the end of what may be shown: before the blanks and unfinished delimiters that the text ends with, which `balance`
 * may take away. It reads every character once, however often it is asked.
 */
export class HeldTail {
  #read = 0;
  #visible = 0;
  #command = "";

  /** Up to where `text` may be shown, when only what stands before `limit` is decided. `limit` may shrink and grow. */
  visibleEnd(text: readonly string[], limit: number): number {
    for (; this.#read < limit; this.#read++) this.#look(text[this.#read] ?? "");
    return Math.min(this.#visible, limit);
  }

  #look(character: string): void {
    const longer = this.#command + character;
    if (this.#command !== "" && COMMAND_START.test(longer)) {
      this.#command = longer;
      return;
    }
    this.#command = character === "\\" && this.#command !== "\\" ? "\\" : "";
    if (!MAY_GO.test(character)) this.#visible = this.#read + 1;
  }
}
