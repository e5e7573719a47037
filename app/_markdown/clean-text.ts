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
