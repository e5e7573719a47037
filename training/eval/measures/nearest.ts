import { stemsOf } from "./words";

export interface OwnedText {
  /** Such as a topic's id; several texts may have one owner. */
  owner: string;
  text: string;
}

type Vector = ReadonlyMap<string, number>;

/** Finds whose text a text is most like: TF-IDF with sublinear frequencies, compared by their cosine. */
export class TextIndex {
  readonly #rarity: ReadonlyMap<string, number>;
  readonly #vectors: readonly { owner: string; vector: Vector }[];

  constructor(texts: readonly OwnedText[]) {
    const documents = texts.map(({ owner, text }) => ({ owner, stems: stemsOf(text) }));
    const frequency = new Map<string, number>();
    for (const { stems } of documents)
      for (const stem of new Set(stems)) frequency.set(stem, (frequency.get(stem) ?? 0) + 1);
    this.#rarity = new Map([...frequency].map(([stem, count]) => [stem, Math.log(1 + texts.length / count)]));
    this.#vectors = documents.map(({ owner, stems }) => ({ owner, vector: this.#vectorOf(stems) }));
  }

  /** Null when there is no word in common with any. The earlier one of two that are equally near. */
  nearest(text: string): { owner: string; similarity: number } | null {
    const asked = this.#vectorOf(stemsOf(text));
    let best: { owner: string; similarity: number } | null = null;
    for (const { owner, vector } of this.#vectors) {
      const similarity = cosine(asked, vector);
      if (similarity > (best?.similarity ?? 0)) best = { owner, similarity };
    }
    return best;
  }

  #vectorOf(stems: readonly string[]): Vector {
    const counts = new Map<string, number>();
    for (const stem of stems) counts.set(stem, (counts.get(stem) ?? 0) + 1);
    const weights = [...counts].flatMap(([stem, count]): [string, number][] => {
      const rarity = this.#rarity.get(stem);
      return rarity === undefined ? [] : [[stem, (1 + Math.log(count)) * rarity]];
    });
    const length = Math.hypot(...weights.map(([, weight]) => weight));
    return new Map(weights.map(([stem, weight]) => [stem, weight / length]));
  }
}

function cosine(left: Vector, right: Vector): number {
  let sum = 0;
  for (const [stem, weight] of left) sum += weight * (right.get(stem) ?? 0);
  return sum;
}
