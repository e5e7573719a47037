import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the built command line, `dist/`. */
const distFolder = dirname(fileURLToPath(import.meta.url));

export function engineChildPath(): string {
  return join(distFolder, "engine-child.js");
}

export function cacheWorkerPath(): string {
  return join(distFolder, "cache-worker.js");
}

/** The folder of the models that Memwell ships with: beside `dist/`, in a checkout as in an image. */
export function builtInModelsPath(): string {
  return join(distFolder, "..", "models");
}

/** The built web server: beside `dist/` in an image, below `.next/` in a checkout; null when it was not built. */
export function webServerPath(): string | null {
  const candidates = [join(distFolder, "..", ".next", "standalone", "server.js"), join(distFolder, "..", "server.js")];
  return candidates.find((path) => existsSync(path)) ?? null;
}
