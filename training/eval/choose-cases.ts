import { CASE_KINDS, type CaseKind, type EvalCase } from "./case";
import { diceOf } from "./dice-of";

/**
 * Those of the kinds asked for, at most `limit`: some of each kind in turn, chosen by the seed, so that a quick look sees
 * everything.
 *
 * @param request.limit null: all, in their order
 * @param request.only empty: every kind
 */
export function chooseCases(
  cases: readonly EvalCase[],
  { only, limit, seed }: { only: readonly CaseKind[]; limit: number | null; seed: number },
): EvalCase[] {
  const wanted = cases.filter(({ kind }) => only.length === 0 || only.includes(kind));
  if (limit === null || limit >= wanted.length) return wanted;
  const dice = diceOf(seed, "choice");
  const piles = CASE_KINDS.map((kind) => wanted.filter((one) => one.kind === kind)).map((pile) =>
    dice.sample(pile, pile.length),
  );
  const chosen = new Set<EvalCase>();
  for (let at = 0; chosen.size < limit; at += 1)
    for (const pile of piles) {
      const next = pile[at];
      if (next !== undefined && chosen.size < limit) chosen.add(next);
    }
  return wanted.filter((one) => chosen.has(one));
}
