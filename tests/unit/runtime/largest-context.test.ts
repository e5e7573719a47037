import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { largestContext } from "../../../lib/runtime/largest-context";

/** As load settings choose it: at most four, at least one, and fewer the larger a context is. */
const sequencesAt = (context: number) => Math.max(1, Math.min(4, Math.floor(100 / context)));

describe("largestContext", () => {
  it("is the largest for which it fits, also where fewer sequences make a larger context cheaper", () => {
    const bytes = (context: number) => sequencesAt(context) * context;
    // 4 x 20 = 80 fits, 4 x 25 = 100 does not, 3 x 26 = 78 does.
    expect(largestContext(40, sequencesAt, (context) => bytes(context) <= 80)).toBe(40);
    expect(largestContext(33, sequencesAt, (context) => bytes(context) <= 80)).toBe(26);
    expect(largestContext(1000, sequencesAt, (context) => bytes(context) <= 80)).toBe(80);
    expect(largestContext(1000, sequencesAt, () => true)).toBe(1000);
    expect(largestContext(1000, sequencesAt, () => false)).toBeNull();
    expect(largestContext(0, sequencesAt, () => true)).toBeNull();
  });

  it("finds what looking at every context finds", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(400), fc.nat(50), (most, room, base) => {
        const fits = (context: number) => base + sequencesAt(context) * context <= room;
        let expected: number | null = null;
        for (let context = 1; context <= most; context++) if (fits(context)) expected = context;
        expect(largestContext(most, sequencesAt, fits)).toBe(expected);
      }),
    );
  });

  it("looks at few contexts of many", () => {
    let looks = 0;
    const count = (): boolean => ++looks > 0 && false;
    largestContext(2 ** 30, sequencesAt, count);
    expect(looks).toBeLessThan(200);
  });
});
