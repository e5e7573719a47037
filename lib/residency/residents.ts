import { toMemwellError, type ErrorRecord, type MemwellError } from "../errors";
import type { LoadProgress } from "../engine";
import type { LeaveReason, ResidencyChange } from "./changes";
import type { Clock, Lease, ResidentEffects } from "./contract";
import { Durations } from "./durations";
import { Resident } from "./resident";

/** What the scheduler hears of the residents. Each is called after the change, and may start the next one. */
export interface ResidentsListener {
  progressed(resident: Resident): void;
  loaded(resident: Resident): void;
  /** The load failed; the resident is being stopped. */
  failed(resident: Resident, error: MemwellError): void;
  /** A lease ended, or a model is gone. */
  changed(): void;
  /** For whoever keeps a record; must not throw, and changes nothing. */
  noted(change: ResidencyChange): void;
}

/** The models that count in the budget: carries out loads and stops, and stops idle ones after their time. */
export class Residents {
  readonly pins = new Set<string>();
  /** How long loads, leases and stops took so far. */
  readonly durations = new Durations();
  private readonly byKey = new Map<string, Resident>();
  /** Whom a model was evicted for, until either of them is loaded. */
  private readonly evictedFor = new Map<string, string>();
  private readonly unsubscribe: () => void;

  constructor(
    private readonly effects: ResidentEffects,
    private readonly clock: Clock,
    private readonly idleUnloadMs: number,
    private readonly listener: ResidentsListener,
  ) {
    this.unsubscribe = effects.onUnexpectedExit((key, error) => this.onExit(key, error));
  }

  get(key: string): Resident | undefined {
    return this.byKey.get(key);
  }

  /** A copy, in the order in which they were loaded. */
  all(): Resident[] {
    return [...this.byKey.values()];
  }

  /** Reads what each process holds. */
  measure(): void {
    for (const resident of this.byKey.values()) {
      resident.measuredBytes = this.effects.measured(resident.key);
      resident.contexts = this.effects.contexts?.(resident.key) ?? { extraBytes: 0, spareBytes: 0 };
    }
  }

  /** Starts to load; the key must be absent. */
  begin(key: string, reservationBytes: number): void {
    const resident = new Resident(key, reservationBytes, this.clock.now());
    this.byKey.set(key, resident);
    this.evictedFor.delete(key);
    resident.replaced = [...this.evictedFor].flatMap(([evicted, maker]) => (maker === key ? [evicted] : []));
    for (const evicted of resident.replaced) this.evictedFor.delete(evicted);
    resident.started = this.load(resident);
  }

  lease(resident: Resident): Lease {
    return resident.lease(
      () => this.clock.now(),
      (heldMs) => {
        // A lease that outlived its model says nothing about how long an answer takes.
        if (resident.current === "ready") this.durations.add("lease", resident.key, heldMs);
        this.startIdleTimer(resident);
        this.listener.changed();
      },
    );
  }

  /**
   * Resolves when the process is gone. Leases are not waited for.
   *
   * @param why null for a load that failed, which is noted as that
   */
  stop(resident: Resident, why: LeaveReason | null): Promise<void> {
    if (resident.current === "loading" || resident.current === "ready") {
      resident.measuredBytes = this.effects.measured(resident.key);
      if (why !== null) this.noteLeaving(resident, why);
      resident.becomeStopping(this.clock.now());
      void this.finishStop(resident);
    }
    return resident.gone;
  }

  /** It gives back the contexts that nobody uses; its leases go on. */
  shrink(resident: Resident): void {
    if (resident.shrinking || resident.current !== "ready") return;
    resident.shrinking = true;
    const end = (): void => {
      resident.shrinking = false;
      this.listener.changed();
    };
    void (this.effects.shrink?.(resident.key) ?? Promise.resolve()).then(end, end);
  }

  pin(key: string): void {
    this.pins.add(key);
    this.byKey.get(key)?.clearIdleTimer();
  }

  unpin(key: string): void {
    this.pins.delete(key);
    const resident = this.byKey.get(key);
    if (resident !== undefined) this.startIdleTimer(resident);
  }

  async close(): Promise<void> {
    this.unsubscribe();
    await Promise.all(this.all().map((resident) => this.stop(resident, { reason: "closing" })));
  }

  /** Resolves with whether the process came up although it had been told to stop. */
  private async load(resident: Resident): Promise<boolean> {
    const onProgress = (progress: LoadProgress): void => {
      if (resident.current !== "loading") return;
      resident.progress = progress;
      this.listener.progressed(resident);
    };
    try {
      await this.effects.start(resident.key, { signal: resident.abort.signal, onProgress });
    } catch (thrown) {
      if (resident.current === "loading") {
        const { key, reservationBytes, since } = resident;
        const error = toMemwellError(thrown);
        const loadMs = this.clock.now() - since;
        this.listener.noted({ type: "load-failed", key, reservationBytes, loadMs, error });
        void this.stop(resident, null);
        this.listener.failed(resident, error);
      }
      return false;
    }
    if (resident.current !== "loading") return true;
    resident.current = "ready";
    resident.lastUsedAt = this.clock.now();
    const loadMs = resident.lastUsedAt - resident.since;
    this.durations.add("load", resident.key, loadMs);
    const { key, reservationBytes, replaced } = resident;
    const bytes = this.effects.measured(key) ?? reservationBytes;
    this.listener.noted({ type: "loaded", key, bytes, reservationBytes, loadMs, replaced });
    this.listener.loaded(resident);
    this.startIdleTimer(resident);
    return false;
  }

  private async finishStop(resident: Resident): Promise<void> {
    await this.endProcess(resident.key);
    if (await resident.started) await this.endProcess(resident.key);
    this.durations.add("stop", resident.key, this.clock.now() - resident.since);
    this.remove(resident);
  }

  private async endProcess(key: string): Promise<void> {
    try {
      await this.effects.stop(key);
    } catch {
      // By contract it counts as gone; its bytes are now part of `otherBytes`.
    }
  }

  private onExit(key: string, error: ErrorRecord | undefined): void {
    const resident = this.byKey.get(key);
    if (resident?.current !== "ready") return;
    this.listener.noted({ type: "died", key, bytes: resident.bytes, error: error ?? null });
    this.remove(resident);
  }

  private noteLeaving(resident: Resident, why: LeaveReason): void {
    const { key, bytes, lastUsedAt } = resident;
    if (why.reason === "evicted") this.evictedFor.set(key, why.for);
    this.listener.noted({ type: "leaving", key, bytes, idleMs: this.clock.now() - lastUsedAt, ...why });
  }

  private remove(resident: Resident): void {
    this.byKey.delete(resident.key);
    resident.becomeGone();
    this.listener.changed();
  }

  private startIdleTimer(resident: Resident): void {
    const { idleUnloadMs, clock } = this;
    if (!resident.idle || this.pins.has(resident.key) || !Number.isFinite(idleUnloadMs)) return;
    const run = (): void => {
      if (!resident.idle) return;
      // A timer may run early; and whoever came between its time and now has taken it away.
      if (clock.now() - resident.lastUsedAt < idleUnloadMs) this.startIdleTimer(resident);
      else void this.stop(resident, { reason: "idle" });
    };
    resident.setIdleTimer(clock.after(resident.lastUsedAt + idleUnloadMs - clock.now(), run));
  }
}
