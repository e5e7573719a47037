import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseSlot, type SlotOption } from "../../../lib/engine/child/slot-choice";
import type { Slot } from "../../../lib/engine/child/slots";
import type { KeptState } from "../../../lib/engine/child/state-shelf";

const state = { path: "kept" } as KeptState;

function option(index: number, changes: Partial<SlotOption> = {}): SlotOption {
  const slot = { index, lastUsed: index } as Slot;
  return { slot, held: 0, worth: 0, onDisk: false, canBeKept: true, saved: null, ...changes };
}

describe("the slot for a prompt", () => {
  it("is the one that holds most of it", () => {
    const options = [option(0), option(1, { held: 400, worth: 400 }), option(2, { held: 90, worth: 90 })];
    expect(chooseSlot(options, 420)).toMatchObject({ slot: { index: 1 }, saved: null, keepFirst: false });
  });

  it("is an empty one rather than another conversation's with the same few words at its beginning", () => {
    const options = [option(0, { held: 20, worth: 600 }), option(1)];
    expect(chooseSlot(options, 300).slot.index).toBe(1);
  });

  it("is another conversation's that shares a long beginning, which goes to disk first", () => {
    const options = [option(0, { held: 500, worth: 900 }), option(1)];
    expect(chooseSlot(options, 520)).toMatchObject({ slot: { index: 0 }, keepFirst: true });
    expect(chooseSlot([option(0, { held: 500, worth: 900, onDisk: true })], 520).keepFirst).toBe(false);
  });

  it("of equals is the one unused for longest", () => {
    expect(chooseSlot([option(2), option(1), option(3)], 10).slot.index).toBe(1);
  });

  it("gets the saved state that spares most, in an empty slot", () => {
    const saved = { state, held: 700 };
    const options = [option(0, { held: 100, worth: 800, saved }), option(1, { saved })];
    expect(chooseSlot(options, 720)).toMatchObject({ slot: { index: 1 }, saved: state, keepFirst: false });
  });

  it("does not read from disk what is shorter than the reading", () => {
    const options = [option(0, { saved: { state, held: 20 } })];
    expect(chooseSlot(options, 100).saved).toBeNull();
  });

  it("never writes where nothing can be kept, and takes from another conversation no more than it gives, if one is empty", () => {
    const tokens = fc.nat(4000);
    const anyOption = fc.record({ held: tokens, worth: tokens, onDisk: fc.boolean(), saved: fc.option(tokens) });
    fc.assert(
      fc.property(fc.array(anyOption, { minLength: 1, maxLength: 5 }), fc.boolean(), (parts, canBeKept) => {
        const options = parts.map(({ saved, ...part }, index) =>
          option(index, { ...part, canBeKept, saved: saved === null ? null : { state, held: Math.min(saved, 4000) } }),
        );
        const choice = chooseSlot(options, 4000);
        if (!canBeKept) expect(choice.keepFirst).toBe(false);
        const chosen = options.find(({ slot }) => slot === choice.slot) as SlotOption;
        const reused = choice.saved === null ? chosen.held : (chosen.saved?.held ?? 0);
        const kept = choice.keepFirst || chosen.onDisk;
        const lost = kept ? 0 : Math.max(0, chosen.worth - (choice.saved === null ? chosen.held : 0));
        if (options.some(({ worth }) => worth === 0)) expect(lost / 2).toBeLessThanOrEqual(reused);
        if (choice.saved !== null) expect(reused).toBeGreaterThan(0);
      }),
    );
  });
});
