import { EngineChild, type ChildCommand } from "./child-process";

/**
 * Where engines take their processes from. Starting a process and loading the library takes about a second, so one spare
 * child does that ahead of time; `take` hands it out and `replenish` starts the next one when the machine is calm again.
 */
export class ChildSource {
  private spare: EngineChild | null = null;
  private closed = false;

  constructor(
    private readonly command: ChildCommand,
    private readonly options: { keepSpare: boolean; graceMs: number },
  ) {}

  /** A child, warm when a spare was there. Its end may not have been noticed yet: then ask again for a fresh one. */
  take(): { child: EngineChild; isSpare: boolean } {
    const spare = this.spare;
    this.spare = null;
    if (spare !== null && !spare.hasExited) return { child: spare, isSpare: true };
    return { child: new EngineChild(this.command), isSpare: false };
  }

  /** Starts a spare unless there is one. A spare that dies is not replaced at once: a broken program would spin. */
  replenish(): void {
    if (this.closed || !this.options.keepSpare) return;
    if (this.spare !== null && !this.spare.hasExited) return;
    try {
      this.spare = new EngineChild(this.command);
    } catch {
      // A spare is a convenience. Whoever needs a process now is told why there is none.
      this.spare = null;
    }
  }

  get sparePid(): number | null {
    return this.spare?.hasExited === false ? this.spare.pid : null;
  }

  async close(): Promise<void> {
    this.closed = true;
    const spare = this.spare;
    this.spare = null;
    await spare?.end({ graceMs: this.options.graceMs });
  }
}
