import type { FetchEvent } from "../runtime";
import type { TransferBar } from "./transfer-bar";

/** Shows how far the files of a model are. */
export function showFetch(bar: TransferBar, event: FetchEvent): void {
  switch (event.type) {
    case "downloading": {
      const { total_received: done, total_size: total, bytes_per_second: rate, remaining_ms: remainingMs } = event;
      return bar.update({ done, total, bytesPerSecond: rate, remainingMs });
    }
    case "chosen":
      return bar.say(event.reason);
    case "retrying":
      return bar.say(`${event.error.message} Trying again in ${Math.ceil(event.wait_ms / 1000)} s.`);
    case "unreachable":
      return bar.say(`${event.error.message} What the cache has is taken.`);
    case "waiting":
      return bar.say("Another process is downloading the same file; waiting for it.");
    case "resolving":
    case "verifying":
      return;
  }
}
