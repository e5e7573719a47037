/** What no answer needs: controls but line feed and tab, zero-width characters, marks that turn the writing direction. */
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/;
const JOINER = /[\u200c\u200d]/;
/** Persian and Indic spelling and joined emoji need the joiners; between other characters they are only invisible. */
const JOINED = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f|(?![\p{ASCII}\p{Script=Latin}])[\p{L}\p{M}])$/u;

/**
 * The first stage: text in any pieces in, whole characters out. `\r\n` and a lone `\r` become `\n`; halves of a character
 * that never meet, control characters and zero-width characters are left out.
 */
export class CharacterFilter {
  /** The first half of a character whose second half comes with the next piece. */
  #half = "";
  #last = "";
  #afterReturn = false;

  push(text: string): string[] {
    const kept: string[] = [];
    const joined = this.#half + text;
    this.#half = /[\ud800-\udbff]$/.test(joined) ? joined.slice(-1) : "";
    for (const character of this.#half === "" ? joined : joined.slice(0, -1)) {
      const written = this.#write(character);
      if (written === "") continue;
      kept.push(written);
      this.#last = written;
    }
    return kept;
  }

  #write(character: string): string {
    const pair = this.#afterReturn && character === "\n";
    this.#afterReturn = character === "\r";
    if (pair) return "";
    if (character === "\r") return "\n";
    if (isHalf(character) || UNSEEN.test(character)) return "";
    if (JOINER.test(character) && !JOINED.test(this.#last)) return "";
    return character;
  }
}

function isHalf(character: string): boolean {
  return character.length === 1 && character >= "\ud800" && character <= "\udfff";
}
