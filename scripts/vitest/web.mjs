import { ensureBuilt } from "../lib/build.mjs";
import { ensureChromium } from "../lib/browser.mjs";

/** Tests of the pages need the server as it ships, and a browser: its path goes to them as MEMWELL_CHROMIUM. */
export default async function setup() {
  await ensureBuilt();
  process.env.MEMWELL_CHROMIUM = await ensureChromium();
}
