import { loadConfig, pullManifest, type ManifestEvent, type PulledManifest } from "../runtime";
import { untilInterrupted } from "./interrupt";
import { printable, printJson } from "./output";
import { showFetch } from "./show-fetch";
import { TransferBar } from "./transfer-bar";

/** Puts the files of a manifest at their paths; what cannot be had is told, and the exit code is then 1. */
export async function pullFromManifest(manifest: string, options: { json?: boolean; copy?: boolean }): Promise<void> {
  const config = loadConfig(process.env);
  const bar = new TransferBar();
  const pulled = await untilInterrupted(
    (signal) =>
      pullManifest(config, manifest, { signal, copy: options.copy, onEvent: (event) => show(bar, event, options) }),
    "What has arrived is kept: the same command goes on from there.",
  ).finally(() => bar.end());
  if (pulled === undefined) return;
  if (options.json) printJson(pulled);
  if (failedOf(pulled) > 0) process.exitCode = 1;
}

const SOURCES = { folder: "there already", cache: "from the cache", hub: "downloaded" };

function show(bar: TransferBar, event: ManifestEvent, { json }: { json?: boolean }): void {
  switch (event.type) {
    case "fetch":
      return showFetch(bar, event.event);
    case "entry-failed":
      return bar.say(printable(`${event.path}: ${event.error.message}`));
    case "entry":
      bar.end();
      if (!json) process.stdout.write(`${printable(event.path)}: ${SOURCES[event.source]}\n`);
  }
}

function failedOf({ entries }: PulledManifest): number {
  return entries.filter(({ error }) => error !== null).length;
}
