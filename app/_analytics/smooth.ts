/**
 * An exponential moving average, as TensorBoard draws it: what came before weighs `weight` times as much with each figure,
 * and the first ones are not pulled towards zero. A gap stays one, and leaves the average as it was. Pure.
 *
 * @param values oldest first; null: not measured
 * @param weight from 0, the figures themselves, to below 1
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  let sum = 0;
  let share = 0;
  return values.map((value) => {
    if (value === null) return null;
    sum = sum * weight + value * (1 - weight);
    share = share * weight + (1 - weight);
    return sum / share;
  });
}
