import { Witness } from "./witness";

/** What is asked for each repository, and each folder of the shared store. */
export interface Recall<Value> {
  /** Answers what `read` gives, or what it gave the last time when nothing has changed and `isStill` says so. */
  recall(path: string, read: (witness: Witness | null) => Value, isStill?: (value: Value) => boolean): Value;
  /** Whether there is anything to remember of it: if not, somebody else may read it, and tell it to `learn`. */
  knows(path: string): boolean;
  learn(path: string, value: Value, witness: Witness): void;
  /** For the witness of who reads it elsewhere; null: none is wanted. */
  readonly coarsestTimeMs: number | null;
}

/** Remembers nothing: every call reads. */
export const readAnew = {
  recall: <Value>(_path: string, read: (witness: Witness | null) => Value): Value => read(null),
  knows: () => false,
  learn: () => {},
  coarsestTimeMs: null,
};

/** What was read of each path, until something changes that it was read from. */
export class Memory<Value> implements Recall<Value> {
  #last = new Map<string, { value: Value; witness: Witness }>();
  #current = new Map<string, { value: Value; witness: Witness }>();

  constructor(readonly coarsestTimeMs: number) {}

  recall(path: string, read: (witness: Witness) => Value, isStill: (value: Value) => boolean = () => true): Value {
    const last = this.#last.get(path);
    if (last !== undefined && isStill(last.value) && last.witness.holds()) {
      this.#current.set(path, last);
      return last.value;
    }
    const witness = new Witness(this.coarsestTimeMs);
    const value = read(witness);
    this.learn(path, value, witness);
    return value;
  }

  knows(path: string): boolean {
    return this.#last.has(path);
  }

  learn(path: string, value: Value, witness: Witness): void {
    this.#current.set(path, { value, witness });
  }

  /** Call it after each scan: what it did not ask for has gone. */
  forgetOthers(): void {
    this.#last = this.#current;
    this.#current = new Map();
  }
}
