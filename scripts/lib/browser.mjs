import { existsSync } from "node:fs";
import path from "node:path";
import { run, runPackage } from "./run.mjs";

const SYSTEM_NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
const MINUTE = 60_000;

/**
 * The path of a Chromium that starts, for the tests of the pages. What is there is used, in this order: the one named in
 * MEMWELL_CHROMIUM, Playwright's own, the system's; otherwise one is installed, by Playwright or by Debian.
 * Throws with what to do when all of that fails.
 */
export async function ensureChromium() {
  const named = process.env.MEMWELL_CHROMIUM;
  if (named) {
    if (await starts(named)) return named;
    throw new Error(`MEMWELL_CHROMIUM is ${named}, which does not start. Give the path of a Chromium, or unset it.`);
  }
  const present = (await playwrightChromium()) ?? (await systemChromium());
  if (present) return present;

  console.log("Installing Chromium for the tests ...");
  if (await installWithPlaywright()) {
    const installed = await playwrightChromium();
    if (installed) return installed;
  }
  if (await installWithApt()) {
    const installed = await systemChromium();
    if (installed) return installed;
  }
  throw new Error(
    "No Chromium was found, and none could be installed. Install one (Debian: `sudo apt-get install chromium`; " +
      "macOS: `brew install --cask chromium`), or set MEMWELL_CHROMIUM to the path of one, then run this again.",
  );
}

async function playwrightChromium() {
  const { chromium } = await import("playwright-core");
  return firstThatStarts([chromium.executablePath()]);
}

function systemChromium() {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const candidates = SYSTEM_NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return firstThatStarts([...candidates, MAC_CHROME]);
}

async function firstThatStarts(candidates) {
  for (const candidate of candidates) {
    if (existsSync(candidate) && (await starts(candidate))) return candidate;
  }
  return null;
}

/** A file alone proves little: Ubuntu's `chromium` is a note about snap, Playwright's may lack a library. */
async function starts(program) {
  const { code } = await run(program, ["--version"], { output: "capture", timeoutMs: MINUTE / 2 });
  return code === 0;
}

async function installWithPlaywright() {
  const dependencies = canUseApt() ? ["--with-deps"] : [];
  const { code } = await runPackage("playwright-core/cli.js", ["install", "chromium", "--no-shell", ...dependencies], {
    output: "capture",
    // Where its download host cannot be reached, this should be known in seconds.
    env: { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: "10000" },
    timeoutMs: 10 * MINUTE,
  });
  if (code !== 0) console.log("Playwright could not install its own.");
  return code === 0;
}

async function installWithApt() {
  if (!canUseApt()) return false;
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  console.log("Installing Debian's (apt-get install chromium) ...");
  const update = await run("apt-get", ["update", "-q"], { output: "capture", env, timeoutMs: 5 * MINUTE });
  if (update.code !== 0) console.log(update.output.trimEnd()); // an old list may still do
  const packages = ["install", "-y", "-q", "--no-install-recommends", "chromium"];
  const install = await run("apt-get", packages, { output: "capture", env, timeoutMs: 15 * MINUTE });
  if (install.code !== 0) console.log(install.output.trimEnd());
  return install.code === 0;
}

function canUseApt() {
  return process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
}
