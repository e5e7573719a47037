import type { ModelUnit } from "../models/unit";
import type { Pauses } from "../walk/pauses";
import { readPiece } from "./read-piece";
import { rankHolding, squaredSingularValues } from "./spectrum";
import { plainMatrices, type PlainMatrix } from "./tensors-of";

/** Rows and columns of the pieces that are compared. */
const PIECE = 64;
const MOST_PIECES = 12;
/** Of a difference's squares; what is left of one that was rounded to 16 bits is noise. */
const HELD_SHARE = 0.95;
/** An adapter of a higher rank saves little; a difference without structure needs about half of `PIECE` and more. */
const SMALL_RANK = 16;

/** What two models of the same shape were found to differ by, as far as it was looked at. */
export interface Difference {
  base: ModelUnit;
  tune: ModelUnit;
  /** Matrices that both have, and how many of them a piece of was compared. */
  nb_matrices: number;
  nb_sampled: number;
  nb_values: number;
  /** Of the values compared. */
  equal_share: number;
  /** Pieces with any difference, and the highest number of singular values that hold 95 % of one. */
  nb_changed: number;
  rank: number;
  verdict: "equal" | "small-adapter" | "different";
  /** What an adapter of that rank on the changed share of the matrices would take in 16 bits. Bytes. */
  adapter_size: number | null;
}

/**
 * Compares a model with another one of the same shape in a few places: pieces of 64 x 64 values of up to twelve matrices.
 * This measures those pieces and no more: "equal" says that no difference was found.
 *
 * @returns null when they have too few matrices in common
 * @throws file system errors, `model_file_invalid`, `aborted`
 */
export async function compareModels(base: ModelUnit, tune: ModelUnit, pauses: Pauses): Promise<Difference | null> {
  const pairs = pairsOf(await plainMatrices(base), await plainMatrices(tune));
  if (pairs.length === 0) return null;
  const sampled = evenly(pairs, MOST_PIECES);
  let equal = 0;
  let changed = 0;
  let rank = 0;
  for (const [left, right] of sampled) {
    await pauses.takeIfDue();
    const difference = await readPiece(right, PIECE);
    const original = await readPiece(left, PIECE);
    let same = 0;
    for (let index = 0; index < difference.length; index++) {
      difference[index] = (difference[index] ?? 0) - (original[index] ?? 0);
      if (difference[index] === 0) same += 1;
    }
    equal += same;
    if (same === difference.length) continue;
    changed += 1;
    // What is not finite (a value that is no number) has no rank that would help anybody.
    const isFinite = difference.every(Number.isFinite);
    rank = Math.max(rank, isFinite ? rankHolding(HELD_SHARE, squaredSingularValues(difference, PIECE)) : PIECE);
  }
  const verdict = changed === 0 ? "equal" : rank <= SMALL_RANK ? "small-adapter" : "different";
  const sides = pairs.reduce((sum, [{ rows, columns }]) => sum + rows + columns, 0);
  return {
    base,
    tune,
    nb_matrices: pairs.length,
    nb_sampled: sampled.length,
    nb_values: sampled.length * PIECE * PIECE,
    equal_share: equal / (sampled.length * PIECE * PIECE),
    nb_changed: changed,
    rank,
    verdict,
    adapter_size: verdict === "small-adapter" ? Math.ceil((sides * rank * 2 * changed) / sampled.length) : null,
  };
}

type Pair = [base: PlainMatrix, tune: PlainMatrix];

function pairsOf(left: ReadonlyMap<string, PlainMatrix>, right: ReadonlyMap<string, PlainMatrix>): Pair[] {
  const pairs: Pair[] = [];
  for (const [name, matrix] of left) {
    const other = right.get(name);
    if (other === undefined || other.rows !== matrix.rows || other.columns !== matrix.columns) continue;
    if (Math.min(matrix.rows, matrix.columns) >= PIECE) pairs.push([matrix, other]);
  }
  return pairs;
}

function evenly<Item>(items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, index) => items[Math.floor((index * items.length) / most)] as Item);
}
