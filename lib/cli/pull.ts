import { loadConfig, pullModel, pullsOf, type LocatedModel } from "../runtime";
import { wrongUsage } from "./arguments";
import { untilInterrupted } from "./interrupt";
import { printJson } from "./output";
import { pullFromManifest } from "./pull-manifest";
import { showFetch } from "./show-fetch";
import { TransferBar } from "./transfer-bar";

/**
 * Downloads models into the cache and prints where their files are. Interrupted, it keeps what has arrived: the next pull
 * goes on from there.
 */
export async function pull(
  names: string[],
  options: { json?: boolean; manifest?: string; copy?: boolean },
): Promise<void> {
  const { manifest } = options;
  if (manifest === undefined && options.copy) throw wrongUsage("--copy is for --manifest");
  if (manifest !== undefined && names.length > 0) throw wrongUsage("name models or a manifest, not both");
  if (manifest !== undefined) return pullFromManifest(manifest, options);
  const config = loadConfig(process.env);
  const pulled: ({ model: string } & LocatedModel)[] = [];
  try {
    await untilInterrupted(async (signal) => {
      for (const { name, ...wanted } of pullsOf(config, names)) {
        const bar = new TransferBar();
        try {
          const located = await pullModel(config, wanted, { signal, onEvent: (event) => showFetch(bar, event) });
          pulled.push({ model: name, ...located });
          if (!options.json) process.stdout.write(`${located.paths.join("\n")}\n`);
        } finally {
          bar.end();
        }
      }
    }, "What has arrived is kept: the same command goes on from there.");
  } finally {
    if (options.json) printJson(pulled);
  }
}
