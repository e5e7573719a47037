// npm run dev [-- --port 3000]: the web app and the two programs of dist/, each rebuilt when its sources change.
import "./lib/node-version.mjs";
import { distSettings, ensureDist } from "./lib/dist.mjs";
import { ensureInstalled } from "./lib/install.mjs";
import { fromRoot } from "./lib/root.mjs";
import { reportFailure, runPackage } from "./lib/run.mjs";

try {
  await ensureInstalled();
  await ensureDist();
  const { context } = await import("esbuild");
  const watcher = await context(distSettings(fromRoot("dist")));
  await watcher.watch();
  // Ctrl+C reaches both processes; this one waits for Next to end its engines first.
  process.on("SIGINT", () => {});
  const { code } = await runPackage("next/dist/bin/next", ["dev", ...process.argv.slice(2)], {
    env: { NEXT_TELEMETRY_DISABLED: "1" },
  });
  await watcher.dispose();
  process.exitCode = code;
} catch (error) {
  reportFailure(error);
}
