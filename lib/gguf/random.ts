/**
 * Seeded random numbers for synthetic weights: sfc32 (Chris Doty-Humphrey's PractRand, public domain), which is fast in
 * JavaScript because it needs only 32-bit additions and shifts. Same seed, same numbers, on every machine.
 */
export class SeededRandom {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /** @param seed any text; two different texts give unrelated streams */
  constructor(seed: string) {
    // FNV-1a over the text, one pass per word of state, so that streams named "a.1" and "a.2" share nothing.
    const word = (start: number): number => {
      let hash = start;
      for (let index = 0; index < seed.length; index++) {
        hash = Math.imul(hash ^ seed.charCodeAt(index), 0x01000193);
        hash ^= hash >>> 15;
      }
      return hash | 0;
    };
    this.a = word(0x811c9dc5 | 0);
    this.b = word(0x12345671 | 0);
    this.c = word(0x7feb352d | 0);
    for (let round = 0; round < 16; round++) this.next();
  }

  /** 32 random bits as a signed integer. */
  next(): number {
    const result = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + result) | 0;
    return result;
  }

  /** 0 <= number < 1. */
  uniform(): number {
    return (this.next() >>> 0) / 4294967296;
  }

  /** 0 <= integer < limit. */
  integer(limit: number): number {
    return Math.floor(this.uniform() * limit);
  }

  /** Shuffles in place (Fisher-Yates). */
  shuffle<Item>(items: Item[]): Item[] {
    for (let index = items.length - 1; index > 0; index--) {
      const other = this.integer(index + 1);
      const held = items[index] as Item;
      items[index] = items[other] as Item;
      items[other] = held;
    }
    return items;
  }
}

/** The normal distribution in 65,536 equally likely steps, so that 16 random bits are one draw: no logarithm per weight. */
export const NORMAL_DRAWS: Float32Array = (() => {
  const draws = new Float32Array(65536);
  for (let index = 0; index < 65536; index++) draws[index] = inverseNormal((index + 0.5) / 65536);
  return draws;
})();

/** Quantile of the standard normal distribution: bisection of the logistic-like tail is enough for a table made once. */
function inverseNormal(probability: number): number {
  // Abramowitz and Stegun 26.2.23: absolute error below 4.5e-4, far finer than any weight needs.
  const tail = Math.min(probability, 1 - probability);
  const t = Math.sqrt(-2 * Math.log(tail));
  const top = 2.515517 + 0.802853 * t + 0.010328 * t * t;
  const bottom = 1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t;
  const quantile = t - top / bottom;
  return probability < 0.5 ? -quantile : quantile;
}
