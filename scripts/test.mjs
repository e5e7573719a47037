// npm test: installs and builds what is missing, then runs every check and every test.
// npm test -- tests/unit/foo.test.ts [-t NAME]: only those tests; what they need is still prepared.
// The last line is alone and reads `N passed, N failed` or `N passed, N failed, N skipped`.
import "./lib/node-version.mjs";
import { ensureBuilt } from "./lib/build.mjs";
import { ensureChromium } from "./lib/browser.mjs";
import { runChecks, STATIC_CHECKS } from "./lib/checks.mjs";
import { ensureInstalled } from "./lib/install.mjs";
import { reportFailure } from "./lib/run.mjs";
import { runAllTests, runTests, sum } from "./lib/tests.mjs";

const filters = process.argv.slice(2);
const counts = [];

try {
  await ensureInstalled();
  if (filters.length === 0) {
    await ensureBuilt();
    process.env.MEMWELL_CHROMIUM = await ensureChromium();
    counts.push(await runChecks(STATIC_CHECKS), await runAllTests());
  } else {
    counts.push(await runTests(filters));
  }
} catch (error) {
  reportFailure(error);
  counts.push({ failed: 1 });
}

const { passed, failed, skipped } = sum(counts);
if (failed > 0) process.exitCode = 1;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
