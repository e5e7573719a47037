// npm run pictures [-- NAME ...]: takes the pictures of docs/ anew, all or those named, from the server as it ships, in a
// real browser.
import "./lib/node-version.mjs";
import { ensureChromium } from "./lib/browser.mjs";
import { ensureBuilt } from "./lib/build.mjs";
import { ensureInstalled } from "./lib/install.mjs";
import { fromRoot } from "./lib/root.mjs";
import { reportFailure, runPackage } from "./lib/run.mjs";

try {
  await ensureInstalled();
  await ensureBuilt();
  const env = { MEMWELL_CHROMIUM: await ensureChromium() };
  const program = [fromRoot("scripts", "pictures", "take.ts"), ...process.argv.slice(2)];
  const { code } = await runPackage("tsx/dist/cli.mjs", program, { env });
  process.exitCode = code;
} catch (error) {
  reportFailure(error);
}
