import { MemwellError } from "../errors";

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new MemwellError("aborted", "The caller ended this request.");
}

/** `promise`, or a rejection with `aborted` as soon as `signal` says so; the work behind `promise` goes on. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  throwIfAborted(signal);
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(new MemwellError("aborted", "The caller ended this request."));
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** `promise`, or a rejection with `error` after `ms`, or with `aborted`. */
export async function withDeadline<T>(
  promise: Promise<T>,
  ms: number,
  signal: AbortSignal,
  error: () => Error,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(error()), ms);
  });
  try {
    return await untilAborted(Promise.race([promise, deadline]), signal);
  } finally {
    clearTimeout(timer);
  }
}

/** Expires when it was not reset for `ms`. */
export class StallTimer {
  readonly expired: Promise<void>;
  private timer: NodeJS.Timeout | undefined;
  private expire: () => void = () => {};
  private isCleared = false;

  constructor(private readonly ms: number) {
    this.expired = new Promise((resolve) => (this.expire = resolve));
    this.reset();
  }

  reset(): void {
    clearTimeout(this.timer);
    // A word from a load that was given up comes late, and a timer would keep the process alive.
    if (this.isCleared) return;
    this.timer = setTimeout(this.expire, this.ms);
  }

  /** For good. */
  clear(): void {
    this.isCleared = true;
    clearTimeout(this.timer);
  }
}
