/**
 * Control characters other than tab and line feed (terminal colours, nulls), and those that turn the direction of the text
 * around, so that code does not read as it runs.
 */

const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** The text with line ends as `\n`, and `U+FFFD` in place of each character that is not seen but changes what is. */
export function cleanText(text: string): string {
  const lines = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  return lines.replace(UNSEEN, "\ufffd");
}

/** `cleanText` of a text that grows: only what was added since the last time is read. */
export class GrowingCleanText {
  #text = "";
  #clean = "";

  of(text: string): string {
    // Of a line end in two halves the second one alone would be another line.
    const goesOn = text.startsWith(this.#text) && !this.#text.endsWith("\r");
    this.#clean = goesOn ? this.#clean + cleanText(text.slice(this.#text.length)) : cleanText(text);
    this.#text = text;
    return this.#clean;
  }
}
