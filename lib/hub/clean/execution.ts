import { MemwellError } from "../../errors";
import { systemCodeOf } from "../folder";
import type { ExecutedPlan, KeptItem, Plan, PlanItem } from "./contract";
import { neededByOthers } from "./needed-now";
import { CANCELLED, type Removal } from "./removal";

/** One execution of a plan: what has gone so far, what stays, and why. */
export class Execution {
  readonly removed: PlanItem[] = [];
  readonly kept: KeptItem[] = [];
  #neededByOthers: Promise<Set<string>> | undefined;

  constructor(
    readonly plan: Plan,
    readonly removal: Removal,
    readonly signal: AbortSignal | undefined,
  ) {}

  /** Removes one item. `remove` answers null, or why the item, or a part of it, stays. */
  async item(item: PlanItem, remove: () => Promise<string | null>): Promise<boolean> {
    const reason = await this.attempt(remove);
    if (reason === null) this.removed.push(item);
    else this.keep(item, reason);
    return reason === null;
  }

  /** What the file system refuses keeps this item, and says so; the others still get their turn. */
  async attempt(remove: () => Promise<string | null>): Promise<string | null> {
    if (this.signal?.aborted) return CANCELLED;
    try {
      return await remove();
    } catch (thrown) {
      if (thrown instanceof MemwellError) return thrown.message;
      if (thrown instanceof Error && "syscall" in thrown) return REFUSALS[systemCodeOf(thrown)] ?? thrown.message;
      throw thrown;
    }
  }

  keep(item: PlanItem, reason: string): void {
    this.kept.push({ item, reason });
  }

  /** What `neededByOthers` answers from now on is read anew. */
  lookAgain(): void {
    this.#neededByOthers = undefined;
  }

  /** Read once, when first asked: this looks at every link of the cache. */
  neededByOthers(): Promise<ReadonlySet<string>> {
    return (this.#neededByOthers ??= neededByOthers(this.removal.root));
  }

  result(): ExecutedPlan {
    const { id, action, warnings } = this.plan;
    const { removed, kept } = this;
    return { id, action, freed_size: this.removal.freed, removed, kept, warnings };
  }
}

const REFUSALS: Record<string, string> = {
  EACCES: "Memwell is not allowed to remove it",
  EPERM: "Memwell is not allowed to remove it",
  EROFS: "the cache is on a disk that can only be read",
  EBUSY: "another program has it open",
  EMFILE: "too many files are open: raise `ulimit -n`, or try again later",
  ENFILE: "too many files are open: raise `ulimit -n`, or try again later",
  ENOTEMPTY: "somebody put something into its folder meanwhile",
};
