/**
 * The largest context that fits, in tokens; null when not even one token does. Pure.
 *
 * A larger context gets fewer sequences, so that memory falls where their number does: between two such places it only
 * grows. So each stretch with the same number of sequences is searched by itself, the one with the largest contexts first,
 * by halving.
 *
 * @param sequencesAt how many sequences a context gets; never more than a smaller context does.
 * @param fits whether a context fits.
 */
export function largestContext(
  most: number,
  sequencesAt: (context: number) => number,
  fits: (context: number) => boolean,
): number | null {
  let last = most;
  while (last >= 1) {
    const sequences = sequencesAt(last);
    const before = lastWhere(1, last, (context) => sequencesAt(context) > sequences) ?? 0;
    const found = lastWhere(before + 1, last, fits);
    if (found !== null) return found;
    last = before;
  }
  return null;
}

/** The last whole number of `low` to `high` for which it holds, if it holds up to some number and not beyond. */
function lastWhere(low: number, high: number, holds: (number: number) => boolean): number | null {
  let [first, last, found]: [number, number, number | null] = [low, high, null];
  while (first <= last) {
    const middle = first + Math.floor((last - first) / 2);
    if (holds(middle)) [found, first] = [middle, middle + 1];
    else last = middle - 1;
  }
  return found;
}
