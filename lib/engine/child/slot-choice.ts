import type { Slot } from "./slots";
import { MIN_KEPT_TOKENS, type KeptState } from "./state-shelf";

/** What reading a state from disk costs, in tokens that could be evaluated meanwhile: milliseconds. */
const RESTORE_COST = MIN_KEPT_TOKENS;
/** Writing a state away, and reading it back when its conversation goes on. */
const MOVE_COST = 2 * RESTORE_COST;

/** One idle slot, and what it would take to use it for a prompt. In tokens. */
export interface SlotOption {
  slot: Slot;
  /** Of the prompt, held by the slot. */
  held: number;
  /** What another conversation could still use of what the slot holds. */
  worth: number;
  /** That part is on disk already: giving it up costs a read at most. */
  onDisk: boolean;
  /** It could be written to disk before it is given up. */
  canBeKept: boolean;
  /** The saved state that holds most of the prompt. */
  saved: { state: KeptState; held: number } | null;
}

export interface SlotChoice {
  slot: Slot;
  /** Read this into the slot first. */
  saved: KeptState | null;
  /** Write to disk what the slot holds before anything else. */
  keepFirst: boolean;
}

/**
 * The slot that costs least, and how to use it: the tokens still to evaluate, and what another conversation would lose.
 *
 * What it loses counts half, since it may never go on, and never more than moving it to disk. What was generated after the
 * last prompt counts as nobody's: only the same conversation could use it, and there the template often drops it (thoughts).
 * Of equals the slot unused for longest goes.
 *
 * @param options at least one.
 */
export function chooseSlot(options: SlotOption[], promptLength: number): SlotChoice {
  const choices = options.flatMap((option) => {
    const goOn = { option, saved: null, cost: promptLength - option.held + lossOf(option, option.held) };
    if (option.saved === null) return [goOn];
    const { state, held } = option.saved;
    return [goOn, { option, saved: state, cost: promptLength - held + RESTORE_COST + lossOf(option, 0) }];
  });
  choices.sort((one, other) => one.cost - other.cost || one.option.slot.lastUsed - other.option.slot.lastUsed);
  const { option, saved } = choices[0] as (typeof choices)[number];
  const lost = lostOf(option, saved === null ? option.held : 0);
  return { slot: option.slot, saved, keepFirst: option.canBeKept && !option.onDisk && lost / 2 > MOVE_COST };
}

function lossOf(option: SlotOption, kept: number): number {
  const lost = lostOf(option, kept) / 2;
  if (option.onDisk) return Math.min(lost, RESTORE_COST);
  return option.canBeKept ? Math.min(lost, MOVE_COST) : lost;
}

function lostOf({ worth }: SlotOption, kept: number): number {
  return Math.max(0, worth - kept);
}
