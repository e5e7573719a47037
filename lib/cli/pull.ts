import { loadConfig, pullModel, referencesToPull, type FetchEvent, type LocatedModel } from "../runtime";
import { untilInterrupted } from "./interrupt";
import { printJson } from "./output";
import { TransferBar } from "./transfer-bar";

/**
 * Downloads models into the cache and prints where their files are. Interrupted, it keeps what has arrived: the next pull
 * goes on from there.
 */
export async function pull(names: string[], options: { json?: boolean }): Promise<void> {
  const config = loadConfig(process.env);
  const pulled: ({ model: string } & LocatedModel)[] = [];
  await untilInterrupted(async (signal) => {
    for (const { name, reference } of referencesToPull(config, names)) {
      const bar = new TransferBar();
      try {
        const located = await pullModel(config, reference, { signal, onEvent: (event) => show(bar, event) });
        pulled.push({ model: name, ...located });
      } finally {
        bar.end();
      }
    }
  });
  if (options.json) printJson(pulled);
  else for (const { paths } of pulled) process.stdout.write(`${paths.join("\n")}\n`);
}

function show(bar: TransferBar, event: FetchEvent): void {
  switch (event.type) {
    case "downloading": {
      const { total_received: done, total_size: total, bytes_per_second: rate, remaining_ms: remainingMs } = event;
      return bar.update({ done, total, bytesPerSecond: rate, remainingMs });
    }
    case "chosen":
      return bar.say(event.reason);
    case "retrying":
      return bar.say(`${event.error.message} Trying again in ${Math.ceil(event.wait_ms / 1000)} s.`);
    case "waiting":
      return bar.say("Another process is downloading the same file; waiting for it.");
    case "resolving":
    case "verifying":
      return;
  }
}
