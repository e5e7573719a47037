/** What node-llama-cpp calls for every step, in this order. */
export interface NativeContext {
  initBatch(tokens: number): void;
  setThreads(threads: number): void;
  decodeBatch(): Promise<void>;
}

/** The native object of a context; null where it is not what it was in 3.22.1. */
export function nativeContext(context: object): NativeContext | null {
  const native = (context as { _ctx?: Partial<NativeContext> | null })._ctx;
  if (typeof native !== "object" || native === null || !Object.isExtensible(native)) return null;
  const known = (["initBatch", "setThreads", "decodeBatch"] as const).every(
    (name) =>
      typeof native[name] === "function" && Object.getOwnPropertyDescriptor(native, name)?.configurable !== false,
  );
  return known ? (native as NativeContext) : null;
}

/** The addon's methods are read-only on the prototype: an assignment throws, a property of the object's own does not. */
export function replace<Name extends keyof NativeContext>(
  native: NativeContext,
  name: Name,
  value: NativeContext[Name],
): void {
  Object.defineProperty(native, name, { value, configurable: true, writable: true });
}

/**
 * Lets one of its contexts take a step at a time. Each has its own lock in the library, so that two of them, a base and its
 * fine-tune, would compute at once with all threads each: threads that spin for others without a core, and a step of
 * seconds. Taking turns costs nothing where a step keeps every core busy. Does nothing where the library is another one.
 */
export class StepTurns {
  #last: Promise<unknown> = Promise.resolve();

  add(context: object): void {
    const native = nativeContext(context);
    if (native === null) return;
    const decodeBatch = native.decodeBatch.bind(native);
    replace(native, "decodeBatch", () => {
      const step = this.#last.then(decodeBatch);
      this.#last = step.catch(() => {});
      return step;
    });
  }
}
