import { basename, resolve } from "node:path";
import { loadConfig, MemwellError, publish, type PublishEvent } from "../runtime";
import { untilInterrupted } from "./interrupt";
import { bytes, printJson } from "./output";
import { TransferBar } from "./transfer-bar";

interface PushOptions {
  repo: string;
  public?: boolean;
  message?: string;
  json?: boolean;
}

/** Uploads models and adapters to a repository of the Hub, which is made if need be; what is there already is skipped. */
export async function push(files: string[], options: PushOptions): Promise<void> {
  const { hub } = loadConfig(process.env);
  const bar = new TransferBar();
  const request = {
    repo: { repo_type: "model", repo_id: options.repo },
    files: files.map((file) => ({ path: resolve(file), name: basename(file) })),
    private: !options.public,
    message: options.message,
  } as const;
  await untilInterrupted(async (signal) => {
    try {
      for await (const event of publish(hub, request, { signal })) show(bar, event, options.json ?? false);
    } finally {
      bar.end();
    }
  }, "What the Hub has received of large files it keeps for the next try.");
}

function show(bar: TransferBar, event: PublishEvent, json: boolean): void {
  switch (event.type) {
    case "repo":
      return bar.say(event.created ? `Made ${event.url}` : `Uploading to ${event.url}`);
    case "progress":
      return bar.update({ done: event.bytes, total: event.total, label: event.phase });
    case "skipped":
      return bar.say(`${event.name} (${bytes(event.size)}) is there already`);
    case "retrying":
      return bar.say(`${event.name}: ${event.error.message} Trying again in ${Math.ceil(event.wait_ms / 1000)} s.`);
    case "done":
      bar.end();
      if (json) return printJson(event);
      process.stdout.write(`${event.url}\n`);
      return;
    case "failed":
      throw MemwellError.fromRecord(event.error);
  }
}
