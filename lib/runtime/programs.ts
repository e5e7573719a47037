import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { MemwellError } from "../errors";

/**
 * The built program that loads a model.
 *
 * @param path what the caller says; `dist/engine-child.js` of the working folder when absent
 * @throws MemwellError `engine_start_failed` when it was not built
 */
export function engineChild(
  path = resolve(/* turbopackIgnore: true */ process.cwd(), "dist", "engine-child.js"),
): string {
  if (existsSync(path)) return path;
  throw new MemwellError(
    "engine_start_failed",
    `The engine is not built (${path} is missing). Run \`npm run build\`.`,
    { path },
  );
}

/** The built thread that scans the cache; it is looked at when it is first needed. */
export function cacheWorker(
  path = resolve(/* turbopackIgnore: true */ process.cwd(), "dist", "cache-worker.js"),
): string {
  return path;
}

/** The models that Memwell ships with, in the folder it works in; whether they are there is looked at when they are used. */
export function builtInModelsFolder(): string {
  return resolve(/* turbopackIgnore: true */ process.cwd(), "models");
}

/** The built thread that audits folders, likewise. */
export function storageWorker(
  path = resolve(/* turbopackIgnore: true */ process.cwd(), "dist", "storage-worker.js"),
): string {
  return path;
}

/** What a child needs of the environment. It reads files it is told of and nothing else, so it gets no secrets. */
export function childEnvironment(): NodeJS.ProcessEnv {
  const passed = ["PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "NODE_ENV"];
  const environment: Record<string, string | undefined> = {
    // glibc gives each thread its own arena, which keeps freed memory; two are enough for one busy thread and its helper.
    MALLOC_ARENA_MAX: "2",
    MEMWELL_CHILD_GPU: existsSync("/dev/nvidiactl") || process.platform === "darwin" ? "auto" : "off",
  };
  for (const name of passed) if (process.env[name] !== undefined) environment[name] = process.env[name];
  return environment as NodeJS.ProcessEnv;
}
