import type { CustomBatchingPrioritizationStrategy, EvaluationPriority } from "node-llama-cpp";

/**
 * The place of a slot's tokens in a batch. llama.cpp splits a batch wherever its sequences are out of order (`split_equal`
 * with sequential ids) and then reads all weights once for each part, so slots go in by number. The library hands a batching
 * strategy no sequence ids; the priority, which nothing else uses here, carries the number. It ends at 5: later slots share
 * the last place, which costs them a split and nothing else.
 */
export function placeInBatch(slot: number): EvaluationPriority {
  return Math.min(slot + 1, 5) as EvaluationPriority;
}

/** Fills a batch in the order of slots. Each has an equal share; who needs less leaves the rest to who needs more. */
export const batchInSlotOrder: CustomBatchingPrioritizationStrategy = ({ items, size }) => {
  const amounts = new Map<(typeof items)[number], number>();
  let left = size;
  for (const [index, item] of [...items].sort((a, b) => a.tokens.length - b.tokens.length).entries()) {
    const amount = Math.min(item.tokens.length, Math.floor(left / (items.length - index)));
    amounts.set(item, amount);
    left -= amount;
  }
  return [...items]
    .sort((a, b) => a.evaluationPriority - b.evaluationPriority)
    .map((item) => ({ item, processAmount: amounts.get(item) ?? 0 }));
};
