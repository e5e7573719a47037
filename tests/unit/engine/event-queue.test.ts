import { describe, expect, it } from "vitest";
import { EventQueue } from "../../../lib/engine/event-queue";

async function all<T>(queue: EventQueue<T>): Promise<T[]> {
  const events: T[] = [];
  for await (const event of queue.drain()) events.push(event);
  return events;
}

describe("EventQueue", () => {
  it("gives events in order, those pushed while they are read included", async () => {
    const queue = new EventQueue<number>(10);
    queue.push(1);
    const reading = all(queue);
    await Promise.resolve();
    queue.push(2);
    await new Promise((done) => setImmediate(done));
    queue.push(3);
    queue.end();
    expect(await reading).toEqual([1, 2, 3]);
  });

  it("says when nobody reads", () => {
    const queue = new EventQueue<number>(2);
    expect([1, 2, 3].map((event) => queue.push(event))).toEqual([true, true, false]);
  });

  it("takes nothing after its end", async () => {
    const queue = new EventQueue<number>(2);
    queue.end();
    queue.push(1);
    expect(await all(queue)).toEqual([]);
  });
});
