import type { ResidencyEvent } from "../residency";
import type { RunEvent, WaitEvent } from "./contract";
import { idOfPath, type RegisteredModel } from "./model-registry";

/** What the scheduler says of a request for `asked`, with the ids that people know in place of its keys, the paths. */
export function toWaitEvent(event: ResidencyEvent, asked: RegisteredModel, all: readonly RegisteredModel[]): WaitEvent {
  if (event.type === "loading") return event;
  const { reason, models } = event.waitingFor;
  return { ...event, waitingFor: { reason, models: models.map((path) => idOfPath(path, asked, all)) } };
}

/** Whether this was heard before the generation itself began. */
export function isWait(event: RunEvent): event is WaitEvent {
  return event.type === "queued" || event.type === "fetching" || event.type === "loading";
}

/**
 * Hands what is told while something is awaited to one `for await` loop. Only the newest counts: what was not read before
 * the next was told is left out, so a slow reader costs no memory.
 */
export class LatestEvent<T> {
  private unread: T | null = null;
  private wake: (() => void) | null = null;

  tell(event: T): void {
    this.unread = event;
    this.wake?.();
  }

  /** The events until `work` has settled, however it did; never throws. */
  async *until(work: Promise<unknown>): AsyncGenerator<T, void, void> {
    let settled = false;
    const finish = (): void => {
      settled = true;
      this.wake?.();
    };
    work.then(finish, finish);
    while (!settled) {
      const event = this.unread;
      this.unread = null;
      if (event !== null) yield event;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}
