const MOST_NAMES = 3;
const LEAST_LIKENESS = 0.3;

/** The names most like one that does not exist, the best first: by the pairs of letters they share. */
export function namesLike(name: string, names: readonly string[]): string[] {
  const wanted = pairsOf(name);
  return names
    .map((other) => ({ other, likeness: likeness(wanted, pairsOf(other)) }))
    .filter((candidate) => candidate.likeness >= LEAST_LIKENESS)
    .sort((left, right) => right.likeness - left.likeness)
    .slice(0, MOST_NAMES)
    .map((candidate) => candidate.other);
}

/** Dice's coefficient: 1 for the same pairs, 0 for none in common. */
function likeness(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  const common = [...left].filter((pair) => right.has(pair)).length;
  return (2 * common) / Math.max(1, left.size + right.size);
}

function pairsOf(name: string): Set<string> {
  const letters = name.toLowerCase();
  return new Set(
    Array.from({ length: Math.max(0, letters.length - 1) }, (_, index) => letters.slice(index, index + 2)),
  );
}
