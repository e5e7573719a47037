import { SeededRandom } from "../../lib/gguf";

/** Seeded choices: the same seed makes the same data on every machine. */
export class Dice {
  private readonly random: SeededRandom;

  constructor(seed: string) {
    this.random = new SeededRandom(seed);
  }

  /** @param share of 1 */
  chance(share: number): boolean {
    return this.random.uniform() < share;
  }

  /** 0 to `limit - 1`. */
  integer(limit: number): number {
    return this.random.integer(limit);
  }

  between(least: number, most: number): number {
    return least + this.random.integer(most - least + 1);
  }

  /** @throws RangeError for an empty list */
  pick<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new RangeError("There is nothing to pick from");
    return items[this.random.integer(items.length)] as Item;
  }

  /** Some of the items, none twice, in random order; all when there are fewer. */
  sample<Item>(items: readonly Item[], count: number): Item[] {
    return this.random.shuffle([...items]).slice(0, count);
  }

  /** Each with its weight. */
  weighted<Item>(choices: readonly (readonly [weight: number, item: Item])[]): Item {
    let left = this.random.uniform() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, item] of choices) {
      left -= weight;
      if (left < 0) return item;
    }
    return this.pick(choices)[1];
  }
}
