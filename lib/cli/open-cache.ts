import { resolve } from "node:path";
import { HubCache, withDatabase, type Config } from "../runtime";
import { cacheWorkerPath } from "./paths";

/**
 * The cache of the settings, or the one in another folder, for as long as `use` runs.
 *
 * @param cacheDir what `--cache-dir` names
 */
export function openCache<Result>(
  config: Config,
  cacheDir: string | undefined,
  use: (cache: HubCache) => Promise<Result>,
): Promise<Result> {
  const hub = cacheDir === undefined ? config.hub : { ...config.hub, cacheDir: resolve(cacheDir) };
  return withDatabase(config, async (database) => {
    const cache = new HubCache({ ...config, hub }, database, cacheWorkerPath());
    try {
      return await use(cache);
    } finally {
      await cache.close();
    }
  });
}
