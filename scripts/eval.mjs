// npm run eval [-- OPTIONS]: evaluates the configured models; `npm run eval -- --help` names the options.
import "./lib/node-version.mjs";
import { ensureDist } from "./lib/dist.mjs";
import { ensureInstalled } from "./lib/install.mjs";
import { fromRoot } from "./lib/root.mjs";
import { reportFailure, runPackage } from "./lib/run.mjs";

try {
  await ensureInstalled();
  await ensureDist();
  const main = fromRoot("training", "eval", "main.ts");
  const { code } = await runPackage("tsx/dist/cli.mjs", [main, ...process.argv.slice(2)]);
  process.exitCode = code;
} catch (error) {
  reportFailure(error);
}
