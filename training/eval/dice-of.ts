import { Dice } from "../data/dice";

/** Each choice has dice of its own, so that a case stays as it is when others come or go. */
export function diceOf(seed: number, id: string): Dice {
  return new Dice(`evaluation.${seed}.${id}`);
}
