import { describe, expect, it } from "vitest";
import { MemwellError } from "../../../lib/errors";
import { ContextSeats, type ContextEffects, type Seat } from "../../../lib/runtime/context-seats";
import { planSeat } from "../../../lib/runtime/plan-seat";
import { settled, watch } from "../residency/harness";

const none = () => false;

describe("planSeat, branch by branch", () => {
  const seat = (name: string, users: number, lastUsed = 0) => ({ name, users, lastUsed });
  it.each([
    ["open already", planSeat("a", [seat("a", 3)], none), { branch: 1, action: "use" }],
    ["none is open", planSeat("a", [], none), { branch: 2, action: "open" }],
    ["room for one more", planSeat("a", [seat("b", 0)], () => true), { branch: 3, action: "open" }],
    [
      "the one unused for longest goes",
      planSeat("a", [seat("b", 0, 2), seat("c", 0, 1), seat("d", 1, 0)], none),
      { branch: 4, action: "replace", name: "c" },
    ],
    ["all are used", planSeat("a", [seat("b", 1)], none), { branch: 5, action: "wait" }],
  ])("%s", (_what, plan, expected) => {
    expect(plan).toEqual(expected);
  });
});

/** Contexts of which `room` fit, one of them "base"; `fail` makes the next of its kind fail. */
function setUp(room: number) {
  const log: string[] = [];
  let count = 1;
  let reserved = 0;
  /** What others would see of it, as long as a claim lasts. */
  let claimed = 0;
  /** Of every change that ended, what there was to spare then. */
  const spare: number[] = [];
  const failing = new Set<string>();
  const held: (() => void)[] = [];
  let isSlow = false;
  const step = async (what: string): Promise<void> => {
    log.push(what);
    if (isSlow) await new Promise<void>((resolve) => held.push(resolve));
    if (failing.delete(what)) throw new MemwellError("adapter_invalid", `${what} fails`);
  };
  const effects: ContextEffects = {
    open: async ({ name }) => {
      await step(`open ${name}`);
      count += 1;
      expect(count).toBeLessThanOrEqual(room);
    },
    close: async (name) => {
      await step(`close ${name}`);
      count -= 1;
    },
    reserve: () => {
      if (count + reserved >= room) return false;
      reserved += 1;
      return true;
    },
    claim: (more) => void (claimed = count + more),
    settle: () => {
      reserved = claimed = 0;
      spare.push(seats.use.spare);
    },
  };
  const seats = new ContextSeats(["base"], effects);
  const take = (name: string, signal?: AbortSignal): Promise<Seat> => seats.take({ name, adapter: null }, { signal });
  const slow = (value: boolean): void => {
    isSlow = value;
    if (!value) for (const go of held.splice(0)) go();
  };
  return { log, seats, take, failing, slow, spare, counted: () => Math.max(claimed, count + reserved) };
}

describe("the seats of a process", () => {
  it("open a context once, and keep it for whoever comes next", async () => {
    const { take, log, seats } = setUp(3);
    for (const name of ["base", "a", "a", "base", "a"]) (await take(name)).release();
    expect(log).toEqual(["open a"]);
    expect(seats.use).toEqual({ extra: 1, spare: 1 });
  });

  it("let a context take the place of the one unused for longest where there is no room", async () => {
    const { take, log } = setUp(2);
    for (const name of ["a", "base", "b", "a"]) {
      const seat = await take(name);
      log.push(`${name} for ${seat.replaced}`);
      seat.release();
      seat.release();
    }
    expect(log).toEqual([
      ...["open a", "a for null", "base for null"],
      ...["close a", "open b", "b for a"],
      ...["close base", "open a", "a for base"],
    ]);
  });

  it("are waited for in order of arrival while all are used, also by who wants one that is open", async () => {
    const { take, log } = setUp(1);
    const base = await take("base");
    const [a, again] = [watch(take("a")), watch(take("base"))];
    await settled();
    expect([a.now, again.now]).toEqual(["waits", "waits"]);
    base.release();
    await settled();
    expect([a.now, again.now]).toEqual(["done", "waits"]);
    a.value?.release();
    await settled();
    expect(again.now).toBe("done");
    expect(log).toEqual(["close base", "open a", "close a", "open base"]);
  });

  it("tell who has to wait for others, and not who waits for a context of its own", async () => {
    const { seats } = setUp(2);
    const heard: string[] = [];
    const asked = ["a", "b", "base"].map((name) =>
      watch(seats.take({ name, adapter: null }, { onWait: (position) => heard.push(`${name} ${position}`) })),
    );
    await settled();
    expect(heard).toEqual(["b 2", "base 3"]);
    expect(asked.map(({ now }) => now)).toEqual(["done", "done", "waits"]);
  });

  it("hear of who leaves: the next one is served, and what was being opened stays for others", async () => {
    const { take, log, slow } = setUp(2);
    const abort = new AbortController();
    slow(true);
    const left = watch(take("a", abort.signal));
    const next = watch(take("a"));
    abort.abort();
    await settled();
    expect([left.now, next.now]).toEqual(["aborted", "waits"]);
    slow(false);
    await settled();
    expect(next.now).toBe("done");
    expect(log).toEqual(["open a"]);
    await expect(take("a", abort.signal)).rejects.toMatchObject({ code: "aborted" });
  });

  it("tell who asked for a context that cannot be opened, and serve the others", async () => {
    const { take, failing, seats } = setUp(1);
    failing.add("open bad");
    const [bad, good] = [watch(take("bad")), watch(take("base"))];
    await settled();
    expect([bad.now, good.now]).toEqual(["adapter_invalid", "done"]);
    expect(seats.use).toEqual({ extra: 0, spare: 0 });
  });

  it("give back what nobody uses but one, and count it until it is gone", async () => {
    const { take, seats, log, slow } = setUp(4);
    const a = await take("a");
    for (const name of ["b", "c"]) (await take(name)).release();
    expect(seats.use).toEqual({ extra: 3, spare: 3 });
    slow(true);
    const shrunk = watch(seats.shrink());
    expect(seats.use).toEqual({ extra: 3, spare: 3 });
    slow(false);
    await settled();
    expect(shrunk.now).toBe("done");
    expect(log.slice(3)).toEqual(["close base", "close b", "close c"]);
    expect(seats.use).toEqual({ extra: 0, spare: 0 });
    a.release();
    await seats.shrink();
    expect(log).toHaveLength(6);
  });

  it("have nothing to give back once a context could not be: nobody waits for it", async () => {
    const { take, seats, failing, log } = setUp(4);
    for (const name of ["a", "b"]) (await take(name)).release();
    failing.add("close base");
    await expect(seats.shrink()).rejects.toMatchObject({ code: "adapter_invalid" });
    expect(seats.use).toEqual({ extra: 0, spare: 0 });
    for (const name of ["a", "b"]) (await take(name)).release();
    // What was not tried is open as before.
    expect(log).toEqual(["open a", "open b", "close base"]);
    expect(seats.use).toEqual({ extra: 0, spare: 0 });
  });

  it("keep the memory of a context that is replaced, for the one that comes", async () => {
    const { take, slow, log, counted } = setUp(1);
    slow(true);
    const a = watch(take("a"));
    await settled();
    slow(false);
    slow(true);
    await settled();
    expect([a.now, ...log]).toEqual(["waits", "close base", "open a"]);
    expect(counted()).toBe(1);
    slow(false);
    await settled();
    expect([a.now, counted()]).toEqual(["done", 1]);
  });

  it("claim the memory of the first context after one that could not be opened", async () => {
    const { take, slow, failing, counted } = setUp(1);
    failing.add("open bad");
    await expect(take("bad")).rejects.toMatchObject({ code: "adapter_invalid" });
    expect(counted()).toBe(0);
    slow(true);
    const base = watch(take("base"));
    expect(counted()).toBe(1);
    slow(false);
    await settled();
    expect([base.now, counted()]).toEqual(["done", 1]);
  });

  it("tell what there is to spare once a context is open that nobody waits for any more", async () => {
    const { take, slow, spare } = setUp(2);
    const abort = new AbortController();
    slow(true);
    const left = watch(take("a", abort.signal));
    abort.abort();
    slow(false);
    await settled();
    expect([left.now, spare]).toEqual(["aborted", [1]]);
  });

  it("refuse who comes when as many wait as may", async () => {
    const { take } = setUp(1);
    const base = await take("base");
    const waiting = Array.from({ length: 256 }, () => watch(take("a")));
    await expect(take("a")).rejects.toMatchObject({ code: "queue_full", fields: { limit: 256 } });
    base.release();
    await settled();
    expect(waiting.every(({ now }) => now === "done")).toBe(true);
  });

  it("end with their process: who waits is told, and so is who comes", async () => {
    const { take, seats } = setUp(1);
    await take("base");
    const waiting = watch(take("a"));
    seats.end(new MemwellError("engine_crashed", "It is gone."));
    await settled();
    expect(waiting.now).toBe("engine_crashed");
    await expect(take("base")).rejects.toMatchObject({ code: "engine_crashed" });
  });
});
