import { builtInModelsFolder, createRuntime, loadConfig, type Runtime } from "@/lib/runtime";

// Routes, pages and instrumentation are bundled apart, each with its own copy of this module: only globalThis is shared.
const KEY = Symbol.for("memwell.runtime");
const shared = globalThis as { [KEY]?: Promise<Runtime> | undefined };

/**
 * The server's one runtime, made at the first call. A failed start is not kept, so that a later call tries again.
 *
 * @throws MemwellError `invalid_setting`, and whatever the runtime's start throws
 */
export function getRuntime(): Promise<Runtime> {
  return (shared[KEY] ??= createServerRuntime());
}

async function createServerRuntime(): Promise<Runtime> {
  try {
    // The command line names this folder; a server that was started in another way works in it.
    const MEMWELL_BUILTIN_MODELS = process.env.MEMWELL_BUILTIN_MODELS || builtInModelsFolder();
    return await createRuntime(loadConfig({ ...process.env, MEMWELL_BUILTIN_MODELS }), {
      prepareModels: true,
      onAlert: (line) => process.stderr.write(`memwell: ${line}\n`),
      keepHistory: true,
      logLine: (line) => process.stderr.write(`${line}\n`),
    });
  } catch (thrown) {
    shared[KEY] = undefined;
    throw thrown;
  }
}

/** The runtime if it was ever made; closing the server must not make one. */
export function existingRuntime(): Promise<Runtime> | undefined {
  return shared[KEY];
}
