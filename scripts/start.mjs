// npm start [-- --port 7860 --host 0.0.0.0]: installs what is missing, builds what is stale, serves.
import "./lib/node-version.mjs";
import { isBuilt } from "./lib/build.mjs";
import { ensureInstalled } from "./lib/install.mjs";
import { fromRoot } from "./lib/root.mjs";
import { reportFailure, run } from "./lib/run.mjs";

if (await prepare()) {
  // In this process: on a small machine a second one, only waiting for the first, is 40 MB for nothing.
  process.argv = [process.execPath, fromRoot("dist", "cli.js"), "serve", ...process.argv.slice(2)];
  await import("../dist/cli.js");
}

async function prepare() {
  try {
    await ensureInstalled();
    // In a process of its own: this one will be the server, and should not hold a compiler in memory for good.
    const { code } = isBuilt() ? { code: 0 } : await run(process.execPath, [fromRoot("scripts", "build.mjs")]);
    process.exitCode = code;
    return code === 0;
  } catch (error) {
    reportFailure(error);
    return false;
  }
}
