import type { MemwellError, ErrorRecord } from "../errors";

/** Why a model leaves. Sizes in bytes, times in ms. */
export type LeaveReason =
  /** Another one did not fit beside it, and this one was the longest without use of those that could go. */
  | {
      reason: "evicted";
      for: string;
      /** What the other one needed; what might be held; what was held besides models, and by all models. */
      neededBytes: number;
      budgetBytes: number;
      otherBytes: number;
      modelsBytes: number;
    }
  /** Somebody asked for it. */
  | { reason: "asked" }
  | { reason: "idle" }
  /** Nobody waited for its load any more, and somebody for another model. */
  | { reason: "abandoned" }
  | { reason: "closing" };

/** What became of a model, told when it happens. Sizes in bytes, times in ms; `bytes` is what it counted as. */
export type ResidencyChange =
  /** `replaced`: the models that were evicted for it. */
  | { type: "loaded"; key: string; bytes: number; reservationBytes: number; loadMs: number; replaced: string[] }
  | { type: "load-failed"; key: string; reservationBytes: number; loadMs: number; error: MemwellError }
  /** It begins to leave; `idleMs` since it was last used. */
  | ({ type: "leaving"; key: string; bytes: number; idleMs: number } & LeaveReason)
  /** Its process ended by itself. */
  | { type: "died"; key: string; bytes: number; error: ErrorRecord | null };
