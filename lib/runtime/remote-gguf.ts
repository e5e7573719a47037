import { readRange, type HubSettings, type RepoListing } from "../hub";
import type { GgufSource } from "../gguf";

/** A header with a vocabulary of 32,000 tokens has about this much; the next requests ask for twice as much each. */
const FIRST_BYTES = 1024 * 1024;
const MOST_BYTES = 16 * 1024 * 1024;

/** Reads the headers of GGUF files on the Hub: a few MB each, of files of many GB. What was read once is kept. */
export class RemoteGguf {
  readonly #heads = new Map<string, Head>();

  constructor(
    private readonly settings: HubSettings,
    private readonly listing: RepoListing,
    private readonly signal?: AbortSignal,
  ) {}

  /** Bytes that were downloaded so far. */
  get readBytes(): number {
    return [...this.#heads.values()].reduce((sum, head) => sum + head.length, 0);
  }

  /** For `readModel`. @throws MemwellError `file_not_found`, and whatever the Hub says. */
  readonly open = async (path: string): Promise<GgufSource> => {
    const size = this.listing.files.find((file) => file.path === path)?.size ?? 0;
    const head = this.#heads.get(path) ?? new Head((start, end) => this.#fetch(path, start, end), size);
    this.#heads.set(path, head);
    return {
      name: `hf:${this.listing.repo.repo_id}/${path}`,
      bytes: size,
      read: (target, at, position) => head.read(target, at, position),
      close: () => Promise.resolve(),
    };
  };

  #fetch(path: string, start: number, end: number): Promise<Buffer> {
    return readRange(this.settings, this.listing, path, start, end, { signal: this.signal });
  }
}

/** The beginning of a file, fetched piece by piece as far as somebody reads. */
class Head {
  #pieces: Buffer[] = [];
  length = 0;

  constructor(
    private readonly fetch: (start: number, end: number) => Promise<Buffer>,
    private readonly size: number,
  ) {}

  async read(target: Buffer, at: number, position: number): Promise<number> {
    const wanted = Math.min(target.length - at, this.size - position);
    while (this.length < position + wanted) {
      const bytes = Math.min(MOST_BYTES, Math.max(FIRST_BYTES, this.length, position + wanted - this.length));
      const piece = await this.fetch(this.length, Math.min(this.size, this.length + bytes));
      if (piece.length === 0) return 0;
      this.#pieces.push(piece);
      this.length += piece.length;
    }
    return this.#copy(target.subarray(at, at + Math.max(0, wanted)), position);
  }

  #copy(target: Buffer, position: number): number {
    let start = 0;
    let copied = 0;
    for (const piece of this.#pieces) {
      const from = position + copied - start;
      if (from < piece.length && copied < target.length) copied += piece.copy(target, copied, Math.max(0, from));
      start += piece.length;
    }
    return copied;
  }
}
