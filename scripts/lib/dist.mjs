import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { fromRoot, root } from "./root.mjs";
import { hashInputs, readStamp, writeStamp } from "./stamp.mjs";

const STAMP = fromRoot("dist", ".memwell-dist.json");
const INPUTS = ["lib", "package-lock.json", "tsconfig.json", "scripts/lib/dist.mjs"];
const OUTPUTS = ["dist/cli.js", "dist/engine-child.js", "dist/cache-worker.js", "dist/storage-worker.js"];

/** esbuild's settings of the programs: the command line, the child process that runs one model, the threads that scan and audit. */
export function distSettings(outputFolder) {
  return {
    absWorkingDir: root,
    entryPoints: {
      cli: "lib/cli/main.ts",
      "engine-child": "lib/engine/child/main.ts",
      "cache-worker": "lib/hub/scan/worker.ts",
      "storage-worker": "lib/runtime/storage/worker.ts",
    },
    outdir: outputFolder,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    sourcemap: true,
    banner: { js: "#!/usr/bin/env node" },
    logLevel: "warning",
  };
}

/** Builds `dist/` when its inputs changed. Throws when esbuild finds something wrong, which it prints. Resolves to whether anything was built. */
export async function ensureDist() {
  const hash = hashInputs(INPUTS);
  const complete = OUTPUTS.every((file) => existsSync(fromRoot(file)));
  if (complete && readStamp(STAMP)?.hash === hash) return false;
  const { build, stop } = await import("esbuild");
  // Built aside, then renamed: a child that starts during a build must never read half a file.
  const aside = fromRoot("dist", `.building-${process.pid}`);
  try {
    await build(distSettings(aside)).catch(() => {
      throw new Error("The programs of dist/ could not be built; what is wrong is above.");
    });
    chmodSync(`${aside}/cli.js`, 0o755);
    mkdirSync(fromRoot("dist"), { recursive: true });
    for (const name of readdirSync(aside)) renameSync(`${aside}/${name}`, fromRoot("dist", name));
  } finally {
    await stop(); // its own process would stay otherwise
    rmSync(aside, { recursive: true, force: true });
  }
  writeStamp(STAMP, { hash });
  return true;
}
