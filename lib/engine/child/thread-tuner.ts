import { z } from "zod";

/**
 * Chooses a number of threads from what the steps cost. Pure: no clock, no chance; the same steps give the same choices.
 *
 * Time is in steps of this tuner, cost in milliseconds a token. One count is settled on; its neighbours on the ladder are
 * tried now and then, for a few steps in the middle of the user's own work.
 *
 * 1. While settled:
 *    a. a step more than 3 times as slow as usual, on more than one thread: fall to half the threads, or to one thread when
 *       the step before was such a step too. The count is avoided (see 3).
 *    b. the last steps 1.4 times slower or faster than usual, or threads that were kept off their cores: the machine has
 *       changed. Fewer threads are tried at once when it became slower, more when it became faster.
 *    c. else a neighbour is tried when its time has come, fewer before more. More threads wait while the settled ones are
 *       kept off their cores.
 *    d. before the usual cost is known: threads that are kept off their cores become half as many.
 * 2. During a trial:
 *    a. a step more than 3 times as slow as the settled count: the trial ends with this step. The count is avoided.
 *    b. the trial can no longer save 2 %: it ends, and the next one waits twice as long, and until what this one lost is
 *       1.5 % of the steps in between.
 *    c. the trial has all its steps: the count is settled on, and the next one in the same direction is tried.
 * 3. A count is avoided for 20 times what its slow step lost, less the good steps it had before, and twice as long each time.
 *
 * Why means and not medians: two threads for one token of a 135 M model have a median near that of one thread and a mean
 * twice as high, since every few steps both sit on one core. A cost counts as at most 3 times the mean, so that one stall
 * of the machine decides nothing.
 */
export class ThreadTuner {
  private readonly arms: Arm[];
  private readonly pace: Pace;
  private settled: number;
  private trial: Trial | null = null;
  private step = 0;
  /** The last costs of the settled count, newest last. */
  private recent: number[] = [];
  /** What the settled count usually costs: follows slowly, so that a sudden change shows. Null until known. */
  private usual: number | null = null;
  /** Bound of what a count just fallen to may cost, until its usual cost is known. */
  private expected = Infinity;
  /** Part of its time a settled thread really had a core, 0 to 1; null while unknown. */
  private coreShare: number | null = null;
  /** Milliseconds for which the settled threads have been kept off their cores. */
  private contendedMs = 0;
  private changeAt = 0;
  private changeInterval: number;
  private fellAt = -Infinity;

  constructor(options: TunerOptions) {
    this.pace = PACES[options.kind];
    this.changeInterval = this.pace.interval;
    const candidates = threadLadder(options.max);
    this.settled = Math.max(
      0,
      candidates.findLastIndex((threads) => threads <= options.first),
    );
    const firstTrial = options.trusted === true ? this.pace.interval * 8 : this.pace.settle;
    this.arms = candidates.map((threads) => ({
      threads,
      trialAt: firstTrial,
      interval: this.pace.interval,
      avoidUntil: 0,
      avoidedFor: 0,
      shortened: false,
      strikes: 0,
      goodSteps: 0,
    }));
  }

  /** Threads for the next step. The same until `observe`. */
  choose(): number {
    return this.arm(this.trial?.index ?? this.settled).threads;
  }

  /** What is settled on, whatever is being tried: the choice worth remembering. */
  get choice(): number {
    return this.arm(this.settled).threads;
  }

  /** Steps observed. */
  get steps(): number {
    return this.step;
  }

  /**
   * What a step cost. Steps with other threads than were chosen, and figures that are no time, are ignored.
   *
   * @param cpuMs CPU time of all threads during the step, where known: less than `threads * ms` means that others had the
   * cores. Without it start at one thread, since nothing else tells a first step from a disaster.
   */
  observe(threads: number, tokens: number, ms: number, cpuMs?: number): void {
    const cost = ms / tokens;
    if (threads !== this.choose() || !(tokens >= 1) || !(ms > 0) || !Number.isFinite(cost)) return;
    this.step++;
    if (this.trial !== null) this.observeTrial(this.trial, cost);
    else this.observeSettled(cost, ms, cpuMs === undefined ? null : cpuMs / (threads * ms));
  }

  private observeSettled(cost: number, ms: number, share: number | null): void {
    const usual = this.usual ?? this.expected;
    if (this.settled > 0 && cost > usual * DISASTER) return this.fall(cost / usual - 1); // 1a
    this.arm(this.settled).goodSteps++;
    this.noteCost(cost);
    this.noteShare(share, ms);
    if (this.usual === null && this.settled > 0 && this.isContended()) return this.settle(this.half(), []); // 1d
    if (this.recent.length < this.pace.settle) return;
    this.usual ??= mean(this.recent);
    this.noticeChange(this.usual); // 1b
    this.usual += (mean(this.recent.slice(-this.pace.trial)) - this.usual) / 64;
    this.startDueTrial(); // 1c
  }

  private noteCost(cost: number): void {
    this.recent.push(this.recent.length === 0 ? cost : Math.min(cost, mean(this.recent) * DISASTER));
    if (this.recent.length > this.pace.window) this.recent.shift();
  }

  private noteShare(share: number | null, ms: number): void {
    if (share === null) return;
    this.coreShare = this.coreShare === null ? share : this.coreShare + (share - this.coreShare) * 0.3;
    this.contendedMs = this.isContended() ? this.contendedMs + ms : 0;
  }

  /** Several threads wait for one another even on an idle machine, so less is expected of them. */
  private isContended(): boolean {
    return this.coreShare !== null && this.coreShare < (this.settled === 0 ? 0.85 : 0.6);
  }

  private noticeChange(usual: number): void {
    // All of the last steps, so that a single stall is no change, nor is its end.
    const latest = this.recent.slice(-this.pace.trial);
    const faster = Math.max(...latest) < usual / CHANGE;
    const slower = Math.min(...latest) > usual * CHANGE;
    if (faster || slower) this.usual = mean(latest);
    const down = this.settled > 0 && (slower || this.isContended());
    if (!(down || faster) || this.step < this.changeAt) return;
    // A machine that changes all the time is not worth a trial at every change.
    const rare = this.step > this.changeAt + this.changeInterval * 8;
    this.changeInterval = rare ? this.pace.interval : Math.min(this.changeInterval * 2, this.pace.longest);
    this.changeAt = this.step + this.changeInterval;
    const neighbour = this.arms[this.settled + (down ? -1 : 1)];
    if (neighbour === undefined) return;
    neighbour.trialAt = this.step;
    if (faster) this.shorten(neighbour);
  }

  private startDueTrial(): void {
    for (const direction of [-1, 1] as const) {
      const index = this.settled + direction;
      const arm = this.arms[index];
      if (arm === undefined || this.step < Math.max(arm.trialAt, arm.avoidUntil)) continue;
      if (direction === 1 && this.isContended() && this.contendedMs < STALL_MS * 10) continue;
      this.contendedMs = 0;
      this.trial = { index, direction, costs: [], reference: mean(this.recent) };
      return;
    }
  }

  private observeTrial(trial: Trial, cost: number): void {
    const arm = this.arm(trial.index);
    if (cost > trial.reference * DISASTER) {
      this.trial = null;
      return this.avoid(arm, cost / trial.reference - 1); // 2a
    }
    trial.costs.push(cost);
    const sum = trial.costs.reduce((total, next) => total + next, 0);
    if (sum > this.pace.trial * trial.reference * (1 - WORTHWHILE)) {
      this.trial = null;
      return this.postpone(arm, sum / trial.reference - trial.costs.length); // 2b
    }
    arm.goodSteps++;
    if (trial.costs.length === this.pace.trial) this.settleOn(trial); // 2c
  }

  private settleOn(trial: Trial): void {
    const left = this.arm(this.settled);
    this.trial = null;
    this.settle(trial.index, trial.costs);
    for (const arm of this.arms) arm.interval = this.pace.interval;
    const next = this.arms[trial.index + trial.direction];
    if (next !== undefined) next.trialAt = this.step;
    // A lucky trial is undone soon: the count that was left is tried again.
    left.trialAt = this.step + this.pace.interval;
  }

  private settle(index: number, costs: number[]): void {
    this.settled = index;
    this.recent = costs.slice(-this.pace.window);
    this.usual = costs.length === 0 ? null : mean(costs);
    this.expected = Infinity;
    this.coreShare = null;
    this.contendedMs = 0;
  }

  private fall(lost: number): void {
    const from = this.arm(this.settled);
    const before = this.usual ?? this.expected;
    const to = this.step - this.fellAt <= 1 ? 0 : this.half();
    this.fellAt = this.step;
    this.avoid(from, lost);
    this.settle(to, []);
    for (const arm of this.arms.slice(to + 1)) arm.trialAt = this.step;
    // Half the threads may take twice as long: that is no reason to fall again.
    this.expected = (before * from.threads) / this.arm(to).threads;
  }

  private half(): number {
    return this.arms.findLastIndex((arm) => arm.threads <= this.arm(this.settled).threads / 2);
  }

  private avoid(arm: Arm, lost: number): void {
    if (arm.goodSteps > arm.avoidedFor * 2) arm.strikes = 0;
    const due = Math.max(this.pace.interval, lost * 20 - arm.goodSteps);
    arm.avoidedFor = Math.min(due * 2 ** arm.strikes, LONGEST_AVOIDED);
    arm.avoidUntil = this.step + arm.avoidedFor;
    arm.shortened = false;
    arm.strikes++;
    arm.goodSteps = 0;
  }

  /** Once a wait, and to an eighth of it: changes that are none must not undo the growth of the waits. */
  private shorten(arm: Arm): void {
    if (arm.shortened) return;
    arm.avoidUntil -= (arm.avoidedFor * 7) / 8;
    arm.shortened = true;
  }

  private postpone(arm: Arm, lost: number): void {
    arm.trialAt = this.step + Math.max(arm.interval, lost / 0.015);
    arm.interval = Math.min(arm.interval * 2, this.pace.longest);
  }

  private arm(index: number): Arm {
    const arm = this.arms[index];
    if (arm === undefined) throw new RangeError(`no candidate ${index}`);
    return arm;
  }
}

export interface TunerOptions {
  kind: "decode" | "prefill";
  /** Whole cores this process may keep busy, at least 1. */
  max: number;
  /** Where to start; taken down to a candidate. */
  first: number;
  /** Whether `first` was measured before: other counts are then tried later. */
  trusted?: boolean;
}

/** One candidate. Moments are counts of steps. */
interface Arm {
  threads: number;
  trialAt: number;
  /** Steps from a failed trial to the next. */
  interval: number;
  avoidUntil: number;
  avoidedFor: number;
  /** Whether a faster machine has shortened that already. */
  shortened: boolean;
  /** Times it was avoided without many good steps in between. */
  strikes: number;
  goodSteps: number;
}

interface Trial {
  index: number;
  direction: -1 | 1;
  costs: number[];
  /** Cost of the settled count before the trial. */
  reference: number;
}

/** All in steps. `settle`: how many tell what a count costs; `trial`: length of a trial; `window`: how many are averaged. */
interface Pace {
  settle: number;
  trial: number;
  window: number;
  interval: number;
  longest: number;
}

/** A prompt of 1,000 tokens is four steps of prefill and as many as 17 seconds, so little must be enough there. */
const PACES: Record<TunerOptions["kind"], Pace> = {
  decode: { settle: 8, trial: 4, window: 16, interval: 32, longest: 4096 },
  prefill: { settle: 1, trial: 2, window: 4, interval: 8, longest: 512 },
};

const DISASTER = 3;
const CHANGE = 1.4;
/** What another count must save to be worth the change. */
const WORTHWHILE = 0.02;
/**
 * What a step on two threads can lose on two busy cores, whatever its size; measured on Linux 6.18 as 3.0 s again and again.
 * On contended cores more threads are tried only after ten times as long.
 */
const STALL_MS = 3000;
const LONGEST_AVOIDED = 1_000_000;

/** The counts worth trying with `max` cores: 1, 2, 3, 4, 6, 8, 12, 16, and so on; the last one is `max`. */
export function threadLadder(max: number): number[] {
  const top = Math.max(1, Math.min(Math.floor(max) || 1, MOST_THREADS));
  const ladder = [1];
  for (let power = 2; power <= top; power *= 2) {
    ladder.push(power);
    const between = power * 1.5;
    if (between < top) ladder.push(between);
  }
  if (ladder.at(-1) !== top) ladder.push(top);
  return ladder;
}

/** llama.cpp's own limit, GGML_MAX_N_THREADS. */
const MOST_THREADS = 512;

/** What is kept from one run of a model to the next. */
export interface RememberedThreads {
  decode: number;
  prefill: number;
}

const rememberedThreads = z.object({
  decode: z.number().int().min(1).max(MOST_THREADS),
  prefill: z.number().int().min(1).max(MOST_THREADS),
}) satisfies z.ZodType<RememberedThreads>;

/** Reads back what was stored; null for anything else. More threads than there are cores now become as many as there are. */
export function readRememberedThreads(data: unknown, max: number): RememberedThreads | null {
  const parsed = rememberedThreads.safeParse(data);
  if (!parsed.success) return null;
  const most = threadLadder(max).at(-1) ?? 1;
  return { decode: Math.min(parsed.data.decode, most), prefill: Math.min(parsed.data.prefill, most) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
