/**
 * Splits a byte stream into lines without ever holding more than `maxBytes` of an unfinished one (Node's `readline` has
 * no such bound, so a peer that never sends a newline would fill the memory).
 */
export class LineDecoder {
  private pending: Buffer[] = [];
  private pendingBytes = 0;

  constructor(private readonly maxBytes: number) {}

  /** The lines that `chunk` completes, as UTF-8 text without their newline; null once a line is longer than allowed. */
  push(chunk: Buffer): string[] | null {
    const lines: string[] = [];
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(0x0a, start);
      const piece = chunk.subarray(start, end === -1 ? chunk.length : end);
      if (this.pendingBytes + piece.length > this.maxBytes) return null;
      if (end === -1) {
        if (piece.length > 0) {
          this.pending.push(piece);
          this.pendingBytes += piece.length;
        }
        return lines;
      }
      lines.push(
        this.pending.length === 0 ? piece.toString("utf8") : Buffer.concat([...this.pending, piece]).toString("utf8"),
      );
      this.pending = [];
      this.pendingBytes = 0;
      start = end + 1;
    }
  }
}

/** The last lines a process printed, bounded in number and length, for the error that reports its end. */
export class LogTail {
  private lines: string[] = [];
  private partial = "";

  constructor(
    private readonly maxLines = 20,
    private readonly maxLineLength = 400,
  ) {}

  push(chunk: Buffer): void {
    const parts = (this.partial + chunk.toString("utf8")).split("\n");
    this.partial = (parts.pop() ?? "").slice(0, this.maxLineLength);
    const finished = parts.filter((line) => line.trim() !== "").map((line) => line.slice(0, this.maxLineLength));
    this.lines = [...this.lines, ...finished].slice(-this.maxLines);
  }

  tail(): string[] {
    return this.partial.trim() === "" ? [...this.lines] : [...this.lines, this.partial].slice(-this.maxLines);
  }
}
