import { existsSync, readdirSync, rmSync } from "node:fs";
import { builtInModelsStamp } from "./built-in-models.mjs";
import { ensureDist } from "./dist.mjs";
import { fromRoot } from "./root.mjs";
import { runPackage } from "./run.mjs";
import { hashInputs, readStamp, writeStamp } from "./stamp.mjs";

const STAMP = fromRoot(".next", "memwell-build.json");
const INPUTS = [
  "app",
  "lib",
  "public",
  "instrumentation.ts",
  "next.config.js",
  "package-lock.json",
  "package.json",
  "postcss.config.mjs",
  "proxy.ts",
  "scripts/lib/build.mjs",
  "scripts/lib/built-in-models.mjs",
  "scripts/lib/dist.mjs",
  "scripts/lib/standalone.mjs",
  "tsconfig.json",
];
const OUTPUTS = [".next/standalone/server.js", ".next/standalone/dist/cli.js", "dist/cli.js", "dist/engine-child.js"];

/** Whether the last build is of the files as they are now. Takes some 50 ms. */
export function isBuilt() {
  return OUTPUTS.every((file) => existsSync(fromRoot(file))) && readStamp(STAMP)?.hash === hashOfInputs();
}

/** Builds `dist/` and `.next/standalone` when their inputs changed. Resolves to whether anything was built. */
export async function ensureBuilt() {
  if (isBuilt()) return false;
  const hash = hashOfInputs(); // before the build: an edit during it makes the next start build again
  console.log("Building ...");
  rmSync(STAMP, { force: true });
  await ensureDist();
  // What an earlier build left in here (a removed route, an old package) would be served and shipped.
  rmSync(fromRoot(".next", "standalone"), { recursive: true, force: true });
  const { code } = await runPackage("next/dist/bin/next", ["build"], {
    env: { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
  });
  if (code !== 0) throw new Error("`next build` failed; its message is above.");
  const { assembleStandalone } = await import("./standalone.mjs");
  await assembleStandalone();
  writeStamp(STAMP, { hash });
  return true;
}

/** With the names of the engine builds, and the built-in models: those that come later must reach the standalone folder. */
function hashOfInputs() {
  const engines = fromRoot("node_modules", "@node-llama-cpp");
  const builds = existsSync(engines) ? readdirSync(engines).sort() : [];
  return hashInputs(INPUTS, [...builds, ...builtInModelsStamp()].join(","));
}
