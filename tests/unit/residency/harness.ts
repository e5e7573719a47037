import { MemwellError } from "../../../lib/errors";
import type { LoadProgress } from "../../../lib/engine";
import { Residency, type Clock, type Lease, type ResidencyOptions, type ResidentEffects } from "../../../lib/residency";

/** Lets every promise that can settle do so. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Time that passes only when told to. */
export class VirtualClock implements Clock {
  private time = 0;
  private order = 0;
  private timers: { at: number; order: number; run: () => void }[] = [];

  now = (): number => this.time;

  after = (ms: number, run: () => void): (() => void) => {
    const timer = { at: this.time + Math.max(0, ms), order: this.order++, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  };

  get pending(): number {
    return this.timers.length;
  }

  /** Runs everything due until `until`, in order of time, and what that makes due. */
  async advanceTo(until: number): Promise<void> {
    for (;;) {
      await settled();
      const [next] = this.timers.toSorted((left, right) => left.at - right.at || left.order - right.order);
      if (next === undefined || next.at > until) break;
      this.timers = this.timers.filter((other) => other !== next);
      this.time = Math.max(this.time, next.at);
      next.run();
    }
    this.time = Math.max(this.time, until);
  }

  advance(ms: number): Promise<void> {
    return this.advanceTo(this.time + ms);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.after(ms, resolve));
  }
}

export interface FakeModel {
  footprint: number;
  /** Held once ready; at most the footprint, or the forecast was wrong. */
  measured?: number;
  footprintMs?: number;
  loadMs?: number;
  stopMs?: number;
}

/** Models with made-up sizes and times, which keep their own account of memory: start adds, the end of stop removes. */
export class FakeEffects implements ResidentEffects {
  readonly log: string[] = [];
  readonly violations: string[] = [];
  /** Leases out on living processes, as the test counts them; null once everything is being closed. */
  busy: Map<string, Set<object>> | null = new Map();
  /** Numbers of the loads, from 0, that fail. */
  failingLoads = new Set<number>();
  loads = 0;
  mostBytes = 0;
  private readonly held = new Map<string, { bytes: number; ready: boolean; end: AbortController }>();
  private exitListeners = new Set<(key: string) => void>();

  constructor(
    readonly clock: VirtualClock,
    readonly models: Record<string, FakeModel>,
    private readonly room: number,
  ) {}

  get listeners(): number {
    return this.exitListeners.size;
  }

  get heldBytes(): number {
    return [...this.held.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  async footprint(key: string): Promise<number> {
    const { footprint, footprintMs = 0 } = this.model(key);
    if (footprintMs > 0) await this.clock.sleep(footprintMs);
    return footprint;
  }

  async start(
    key: string,
    { signal, onProgress }: { signal: AbortSignal; onProgress: (progress: LoadProgress) => void },
  ): Promise<void> {
    const { footprint, measured = footprint, loadMs = 1000 } = this.model(key);
    const fails = this.failingLoads.has(this.loads++);
    this.log.push(`start ${key}`);
    if (this.held.has(key)) this.violations.push(`${key} is started twice`);
    if ([...this.held.values()].some(({ ready, end }) => !ready && !end.signal.aborted))
      this.violations.push(`${key} is started while another loads`);
    const process = { bytes: footprint, ready: false, end: new AbortController() };
    this.held.set(key, process);
    this.mostBytes = Math.max(this.mostBytes, this.heldBytes);
    if (this.heldBytes > this.room) this.violations.push(`${this.heldBytes} held of ${this.room} at start of ${key}`);
    const aborted = new Promise<boolean>((resolve) => signal.addEventListener("abort", () => resolve(true)));
    await Promise.race([this.clock.sleep(loadMs / 2), aborted]);
    onProgress({ stage: "model", fraction: 0.5 });
    if (await Promise.race([this.clock.sleep(loadMs / 2).then(() => false), aborted])) {
      process.end.abort();
      throw new MemwellError("aborted", "The load was ended.");
    }
    if (fails) {
      process.end.abort();
      throw new MemwellError("engine_start_failed", "It does not start.");
    }
    process.ready = true;
    process.bytes = measured;
  }

  async stop(key: string): Promise<void> {
    this.log.push(`stop ${key}`);
    if ((this.busy?.get(key)?.size ?? 0) > 0) this.violations.push(`${key} is stopped while busy`);
    const process = this.held.get(key);
    process?.end.abort();
    await this.clock.sleep(this.model(key).stopMs ?? 100);
    if (process !== undefined && this.held.get(key) === process) this.held.delete(key);
  }

  measured(key: string): number | null {
    const process = this.held.get(key);
    // Like a real process that is told to end: not measured any more, but still there.
    return process === undefined || process.end.signal.aborted ? null : process.bytes;
  }

  onUnexpectedExit(listener: (key: string) => void): () => void {
    this.exitListeners.add(listener);
    return () => void this.exitListeners.delete(listener);
  }

  /** Its process dies by itself, if it is ready and not being stopped. */
  crash(key: string): boolean {
    const process = this.held.get(key);
    if (process === undefined || !process.ready || process.end.signal.aborted) return false;
    this.held.delete(key);
    this.busy?.delete(key);
    this.log.push(`crash ${key}`);
    for (const listener of this.exitListeners) listener(key);
    return true;
  }

  private model(key: string): FakeModel {
    const model = this.models[key];
    if (model === undefined) throw new MemwellError("model_file_missing", `There is no file of ${key}.`);
    return model;
  }
}

/** Models "a" and "b" of 6, "small" of 2, in a budget of 10 where nothing else is held. Loads take 1 s, stops 0.1 s. */
export function setUp(options: Partial<ResidencyOptions> = {}, models: Record<string, FakeModel> = {}) {
  const clock = new VirtualClock();
  const all = { a: { footprint: 6 }, b: { footprint: 6 }, small: { footprint: 2 }, huge: { footprint: 11 }, ...models };
  const effects = new FakeEffects(clock, all, 10);
  const budget = { limitBytes: 12, budgetBytes: 10, otherBytes: () => 0 };
  const residency = new Residency({ effects, budget, clock, ...options });
  const ready = async (key: string): Promise<Lease> => {
    const leased = residency.acquire(key);
    await clock.advance(1_200);
    return leased;
  };
  const states = () => Object.fromEntries(residency.snapshot().models.map(({ key, state }) => [key, state]));
  return { clock, effects, residency, ready, states };
}

/** Of these, two fit. */
export const threeOfFive = { x: { footprint: 5 }, y: { footprint: 5 }, z: { footprint: 5 } };

/** What has become of a promise so far. */
export function watch<T>(promise: Promise<T>): { now: string; value: T | undefined } {
  const seen: { now: string; value: T | undefined } = { now: "waits", value: undefined };
  promise.then(
    (value) => Object.assign(seen, { now: "done", value }),
    (error: { code: string }) => (seen.now = error.code),
  );
  return seen;
}
