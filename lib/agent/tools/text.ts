const CONTROLS = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu;
// They reorder or hide the text around them, also that of the page.
const INVISIBLE = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** `written` on one line: control characters and halves of a character become a space, what only hides text goes. */
export function cleanLine(written: string): string {
  return written.replace(INVISIBLE, "").replace(CONTROLS, " ").replace(/ {2,}/g, " ").trim();
}
