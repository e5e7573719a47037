import type { Links, Tokens } from "marked";

import { partsOf, type ListPlace } from "./block-parts";
import { lexBlocks } from "./lexer";
import {
  MAX_BLOCK_CHARACTERS,
  MAX_BLOCKS,
  MAX_DEFINITIONS,
  MAX_FENCE_CHARACTERS,
  MAX_PARSED_CHARACTERS,
} from "./limits";

/** A part of an answer that is parsed and drawn by itself. */
export interface Block extends ListPlace {
  kind: "markdown" | "plain";
  source: string;
}

/** Characters that are read at once; where they hold no two whole blocks, more than the longest block has. */
const WINDOW = 8_000;
const LARGEST_WINDOW = MAX_FENCE_CHARACTERS + 8_000;
/** Blocks without an empty line between them stand, too, once they have this many characters. */
const LONGEST_LOOSE = 8_000;

/**
 * Divides an answer into blocks. Told the same answer with more text at its end, it reads only the last two blocks again
 * (the text that follows can still change those: a list goes on after an empty line); the others stay the same objects.
 */
export class BlockSplitter {
  #text = "";
  #blocks: Block[] = [];
  #links: Links = {};
  /** Where in the text each address was defined. */
  #definedAt = new Map<string, number>();
  /** What stands whatever follows: so many blocks of so many characters, and how the text after them is read. */
  #settled = { blocks: 0, characters: 0, endOfPlain: null as RegExp | null };

  /** The blocks, and the addresses of reference links: the same object for as long as none is added. */
  split(text: string): { blocks: readonly Block[]; links: Links } {
    if (text !== this.#text) {
      if (!text.startsWith(this.#text)) this.#forget();
      this.#text = text;
      this.#read();
    }
    return { blocks: this.#blocks, links: this.#links };
  }

  #forget(): void {
    this.#blocks = [];
    this.#links = {};
    this.#definedAt.clear();
    this.#settled = { blocks: 0, characters: 0, endOfPlain: null };
  }

  #read(): void {
    let begun: ListPlace | null = this.#blocks[this.#settled.blocks] ?? null;
    this.#blocks = this.#blocks.slice(0, this.#settled.blocks);
    let at = this.#settled.characters;
    let { endOfPlain } = this.#settled;
    const last = Math.min(this.#text.length, MAX_PARSED_CHARACTERS);
    while (at < last && this.#blocks.length < MAX_BLOCKS) {
      if (endOfPlain !== null) {
        at = this.#readPlain(at, endOfPlain);
        if (at < this.#text.length) endOfPlain = null;
        continue;
      }
      const read = this.#readWindow(at, last, begun);
      ({ at, endOfPlain, begun } = read);
      if (endOfPlain !== null) this.#settled = { blocks: this.#blocks.length, characters: at, endOfPlain };
    }
    if (at < this.#text.length) {
      this.#settled = { blocks: this.#blocks.length, characters: at, endOfPlain: null };
      this.#blocks.push({ kind: "plain", source: this.#text.slice(at), firstNumber: null, goesOn: false });
    } else if (endOfPlain === null) this.#settle();
  }

  /** All but the last two blocks, up to an empty line or between items: what follows a line can change what it is. */
  #settle(): void {
    let { blocks, characters } = this.#settled;
    let sum = characters;
    for (let index = blocks; index < this.#blocks.length - 2; index += 1) {
      const { source } = this.#blocks[index]!;
      sum += source.length;
      const isFirm = EMPTY_LINE_LAST.test(source) || this.#blocks[index + 1]!.goesOn;
      if (isFirm || sum - characters > LONGEST_LOOSE) [blocks, characters] = [index + 1, sum];
    }
    if (blocks > this.#settled.blocks) this.#settled = { blocks, characters, endOfPlain: null };
  }

  /** The rest of a block that is too long, up to its end or the end of the text. */
  #readPlain(at: number, end: RegExp): number {
    const rest = this.#text.slice(at);
    const found = end.exec(rest);
    const length = found === null ? rest.length : found.index + found[0].length;
    if (length > 0)
      this.#blocks.push({ kind: "plain", source: rest.slice(0, length), firstNumber: null, goesOn: false });
    return at + length;
  }

  /** @param begun what is known of the list that the text goes on with, if it does */
  #readWindow(from: number, last: number, begun: ListPlace | null, size = WINDOW): Read {
    const text = this.#text.slice(from, Math.min(from + size, last));
    const parts = lexBlocks(text).flatMap((token, index) => partsOf(token, index === 0 ? begun : null));
    const isCut = from + text.length < last;
    if (isCut && parts.length < 3 && size < LARGEST_WINDOW) {
      return this.#readWindow(from, last, begun, LARGEST_WINDOW);
    }
    // What was cut off can still change the last two.
    const unsure = isCut ? parts.splice(Math.max(1, parts.length - 2)) : [];
    let at = from;
    for (const { source, firstNumber, goesOn, isFence, isSpace, definition } of parts) {
      if (definition !== null) this.#define(definition, at);
      const limit = isFence ? MAX_FENCE_CHARACTERS : MAX_BLOCK_CHARACTERS;
      const previous = this.#blocks.at(-1);
      if (isSpace && previous?.kind === "markdown" && this.#blocks.length > this.#settled.blocks) {
        this.#blocks[this.#blocks.length - 1] = { ...previous, source: previous.source + source };
      } else if (source.length <= limit) {
        this.#blocks.push({ kind: "markdown", source, firstNumber, goesOn });
      } else {
        const head = source.slice(0, source.lastIndexOf("\n", limit - 1) + 1 || limit);
        this.#blocks.push({ kind: "markdown", source: head, firstNumber, goesOn });
        return { at: at + head.length, endOfPlain: isFence ? END_OF_FENCE : EMPTY_LINE, begun: null };
      }
      at += source.length;
      if (this.#blocks.length >= MAX_BLOCKS) break;
    }
    return { at, endOfPlain: null, begun: unsure[0] ?? null };
  }

  /** The first definition of a name counts; read again at the same place, it may have grown. */
  #define({ tag, href, title }: Tokens.Def, at: number): void {
    const place = this.#definedAt.get(tag) ?? (this.#definedAt.size < MAX_DEFINITIONS ? at : -1);
    if (place !== at || this.#links[tag]?.href === href) return;
    this.#definedAt.set(tag, at);
    this.#links = Object.fromEntries([...Object.entries(this.#links), [tag, { href, title }]]);
  }
}

const END_OF_FENCE = /\n {0,3}(?:`{3,}|~{3,})[ \t]*(?:\n|$)/;
const EMPTY_LINE = /\n[ \t]*\n/;
const EMPTY_LINE_LAST = /\n[ \t]*\n[ \t]*$/;

/** How far was read, and how the text goes on there. */
interface Read {
  at: number;
  endOfPlain: RegExp | null;
  begun: ListPlace | null;
}
