import type { JournalStep } from "./journal-lines";
import type { ApplyHelpers, Sizes } from "./contract";
import type { BytePath } from "../walk/byte-path";
import type { OpenFileWatch } from "./open-inodes";
import { lookAt } from "./look";
import type { Root } from "./root";
import type { Touched } from "./touched";
import { Weigher } from "./weigher";

/** What the steps of one apply, or of one dry run, have in common. */
export class Run {
  /** What the steps so far were to free, and have freed. */
  expected = new Weigher();
  achieved = new Weigher();
  /** Nanoseconds since 1970. */
  readonly since: bigint;

  constructor(
    readonly root: Root,
    readonly touched: Touched,
    readonly watch: OpenFileWatch,
    readonly helpers: ApplyHelpers,
    readonly signal: AbortSignal | undefined,
    /** When the folder was looked at for the plan. Seconds since 1970. */
    takenAt: number,
  ) {
    this.since = BigInt(Math.round(takenAt * 1000)) * 1_000_000n;
  }

  /** @throws LeftAlone as `lookAt` */
  lookAt(path: BytePath, weigher: Weigher): Promise<Sizes> {
    const { since, touched, watch } = this;
    return lookAt(path, { device: this.root.device, since, touched, open: watch.now(), weigher });
  }
}

/** A step that may be carried out, as far as can be seen without doing it. */
export interface Prepared {
  step: JournalStep;
  /** From the folder on, in the order in which they go. */
  moves: BytePath[];
  expected: Sizes;
  /** What the next steps go on from. */
  weigher: Weigher;
  lock: (() => { release(): void } | { reason: string }) | null;
  /** What is carried out besides moving; null: nothing. */
  follow: Follow | null;
}

export type Follow =
  | { type: "link"; to: BytePath; kind: "symbolic" | "hard" }
  | { type: "cache"; cacheDir: BytePath }
  | { type: "manifest"; files: import("./contract").ManifestFile[] }
  | { type: "publish" };
