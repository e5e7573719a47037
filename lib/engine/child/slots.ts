import type { LlamaContext, LlamaContextSequence, LlamaModel, Token } from "node-llama-cpp";
import { MemwellError } from "../../errors";
import { alignToHeld } from "./alignment";
import { chooseSlot, type SlotOption } from "./slot-choice";
import type { StateShelf, TellStep } from "./state-shelf";

/** Requests that may wait in one context before a new one is refused. */
const MAX_WAITING = 256;

/** A sequence that is leased to one request at a time. */
export interface Slot {
  index: number;
  sequence: LlamaContextSequence;
  /** Length of the last prompt evaluated here; what follows it was generated. In tokens. */
  promptLength: number;
  lastUsed: number;
  busy: boolean;
}

export interface SlotLease {
  slot: Slot;
  /** The prompt, in the tokens the slot already holds wherever the text is the same. */
  tokens: Token[];
  /** Length of the prefix of `tokens` that the slot holds. */
  held: number;
  release(): void;
}

/**
 * Leases the sequences of one context, first come first served. Which idle slot a request gets, and whether a saved state is
 * read into it first, is `chooseSlot`'s to say.
 */
export class SlotPool {
  private readonly slots: Slot[];
  private readonly waiting: (() => void)[] = [];
  private clock = 0;

  constructor(
    context: LlamaContext,
    private readonly model: LlamaModel,
    count: number,
    private readonly shelf: StateShelf | null = null,
  ) {
    this.slots = Array.from({ length: count }, (_, index) => ({
      index,
      sequence: context.getSequence(),
      promptLength: 0,
      lastUsed: 0,
      busy: false,
    }));
  }

  /**
   * @param longest tokens the leased prompt may have at most, in whatever spelling.
   * @param tell hears of states that are saved or restored on the way.
   * @throws MemwellError `engine_overloaded` when too many wait already, `aborted`.
   */
  async lease(prompt: Token[], longest: number, signal: AbortSignal, tell?: TellStep): Promise<SlotLease> {
    // Looking and taking happen in one go: between them nobody else may find the same slot idle.
    let idle = this.idleSlots();
    for (; idle.length === 0; idle = this.idleSlots()) await this.waitTurn(signal);
    const { slot, saved, keepFirst } = chooseSlot(this.options(idle, prompt, longest), prompt.length);
    const lease = this.take(slot);
    try {
      // Touched first: making room for the one must not remove the other.
      if (saved !== null) await this.shelf?.touch(saved);
      if (keepFirst) await this.shelf?.keep(slot.sequence, "conversation", tell);
      if (saved !== null) await this.shelf?.restore(saved, slot.sequence, tell);
      const aligned = this.align(prompt, slot.sequence.contextTokens, longest);
      slot.promptLength = aligned.tokens.length;
      return { ...lease, ...aligned };
    } catch (thrown) {
      lease.release();
      throw thrown;
    }
  }

  /** What could be done with each idle slot: go on with what it holds, or read a saved state into it. */
  private options(idle: Slot[], prompt: Token[], longest: number): SlotOption[] {
    const { shelf } = this;
    const saved = (shelf?.all ?? [])
      // Alignment looks at texts, which takes time; what begins otherwise is none of it.
      .filter(({ tokens }) => tokens.slice(0, 16).every((token, index) => token === prompt[index]))
      .map((state) => ({ state, held: this.align(prompt, state.tokens, longest).held }))
      .sort((one, other) => other.held - one.held)[0];
    return idle.map((slot) => {
      const tokens = slot.sequence.contextTokens;
      const worth = Math.min(slot.promptLength, tokens.length);
      return {
        slot,
        held: this.align(prompt, tokens, longest).held,
        worth,
        onDisk: worth > 0 && shelf !== null && shelf.has(tokens, worth),
        canBeKept: shelf !== null,
        saved: saved ?? null,
      };
    });
  }

  /** The named slot, once it is idle. @throws MemwellError `invalid_request` when there is no such slot, `aborted`. */
  async leaseSlot(index: number, signal: AbortSignal): Promise<{ slot: Slot; release(): void }> {
    const slot = this.slots[index];
    if (slot === undefined)
      throw new MemwellError(
        "invalid_request",
        `There is no slot ${index}; slots run from 0 to ${this.slots.length - 1}.`,
        {
          parameter: "slot",
        },
      );
    while (slot.busy) await this.waitTurn(signal);
    return this.take(slot);
  }

  /** The idle slot whose loss costs least: an empty one, else the one unused for longest. */
  async leaseOldest(signal: AbortSignal): Promise<{ slot: Slot; release(): void }> {
    let idle = this.idleSlots();
    for (; idle.length === 0; idle = this.idleSlots()) await this.waitTurn(signal);
    const isFull = (slot: Slot): number => Number(slot.sequence.nextTokenIndex > 0);
    idle.sort((a, b) => isFull(a) - isFull(b) || a.lastUsed - b.lastUsed);
    return this.take(idle[0] as Slot);
  }

  /** Every slot, each once whoever uses it is done. @throws MemwellError `aborted`, and then none is leased. */
  async leaseAll(signal: AbortSignal): Promise<{ slot: Slot; release(): void }[]> {
    const leases: { slot: Slot; release(): void }[] = [];
    try {
      for (const { index } of this.slots) leases.push(await this.leaseSlot(index, signal));
      return leases;
    } catch (thrown) {
      for (const lease of leases) lease.release();
      throw thrown;
    }
  }

  /** Slots nobody uses now, each leased until it is released. */
  leaseIdle(): { slot: Slot; release(): void }[] {
    return this.idleSlots().map((slot) => this.take(slot));
  }

  /** The held spelling of a prompt can be longer than its own; where that would not fit, its own is used. */
  private align(prompt: Token[], held: Token[], longest: number): { tokens: Token[]; held: number } {
    const aligned = alignToHeld(this.model, prompt, held);
    if (aligned.tokens.length <= longest) return aligned;
    const different = prompt.findIndex((token, index) => token !== held[index]);
    return { tokens: prompt, held: different === -1 ? prompt.length : different };
  }

  private idleSlots(): Slot[] {
    return this.slots.filter((slot) => !slot.busy);
  }

  private take(slot: Slot): { slot: Slot; release(): void } {
    slot.busy = true;
    return {
      slot,
      release: () => {
        slot.busy = false;
        slot.lastUsed = ++this.clock;
        // Whoever waits looks again; the one who came first looks first.
        for (const wake of this.waiting.splice(0)) wake();
      },
    };
  }

  private async waitTurn(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw abortedError();
    if (this.waiting.length >= MAX_WAITING)
      throw new MemwellError("engine_overloaded", "Too many requests wait for this model. Ask again in a moment.", {
        waiting: this.waiting.length,
      });
    await new Promise<void>((resolve, reject) => {
      const wake = (): void => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      };
      const onAbort = (): void => {
        const index = this.waiting.indexOf(wake);
        if (index !== -1) this.waiting.splice(index, 1);
        reject(abortedError());
      };
      this.waiting.push(wake);
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }
}

export function abortedError(): MemwellError {
  return new MemwellError("aborted", "The caller ended this request.");
}
