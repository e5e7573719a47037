import { toMemwellError, type MemwellError } from "../errors";

/** What the models that somebody waits for need in memory: asked once while somebody waits, and forgotten after. */
export class Demands {
  private readonly byKey = new Map<string, { bytes: number | null }>();

  /** @param answered called after each answer that is still wanted, with what went wrong or null. */
  constructor(
    private readonly footprint: (key: string) => Promise<number>,
    private readonly answered: (key: string, error: MemwellError | null) => void,
  ) {}

  ask(key: string): void {
    if (!this.byKey.has(key)) void this.read(key);
  }

  /** In bytes; null until it is known. */
  bytesOf(key: string): number | null {
    return this.byKey.get(key)?.bytes ?? null;
  }

  /** The next request asks for the footprint again: by then a measure may have corrected the forecast. */
  forgetAllBut(isWanted: (key: string) => boolean): void {
    for (const key of this.byKey.keys()) if (!isWanted(key)) this.byKey.delete(key);
  }

  private async read(key: string): Promise<void> {
    const demand: { bytes: number | null } = { bytes: null };
    this.byKey.set(key, demand);
    let error: MemwellError | null = null;
    try {
      const bytes = await this.footprint(key);
      // What is no size cannot be reserved: it is refused like one that is too large.
      demand.bytes = bytes >= 0 ? bytes : Infinity;
    } catch (thrown) {
      error = toMemwellError(thrown);
    }
    // Whoever asked may have left, and somebody else may have asked anew.
    if (this.byKey.get(key) === demand) this.answered(key, error);
  }
}
