import path from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = path.dirname(fileURLToPath(import.meta.url));
const MINUTE = 60_000;

/** Tests with real processes: one file at a time, since two cores shared by two models tell nothing about either. */
function withProcesses(name: string, timeout: number, globalSetup: string[] = []) {
  return {
    extends: true as const,
    test: {
      name,
      include: [`tests/${name}/**/*.test.{ts,tsx}`],
      testTimeout: timeout,
      hookTimeout: timeout,
      fileParallelism: false,
      globalSetup,
    },
  };
}

export default defineConfig({
  resolve: { alias: [{ find: /^@\//, replacement: `${root}/` }] },
  test: {
    environment: "node",
    // Programs that tests start find no built-in models but those that a test gives them: the small ones they make answer.
    env: { MEMWELL_BUILTIN_MODELS: path.join(root, "node_modules", ".cache", "no-models") },
    pool: "forks",
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: { name: "unit", include: ["tests/unit/**/*.test.{ts,tsx}"], testTimeout: 10_000, hookTimeout: 10_000 },
      },
      withProcesses("integration", MINUTE, ["scripts/vitest/dist.mjs"]),
      withProcesses("web", 2 * MINUTE, ["scripts/vitest/web.mjs"]),
      withProcesses("install", 15 * MINUTE),
    ],
  },
});
