// npm test: installs and builds what is missing, then runs every check and every test.
// npm test -- tests/unit/foo.test.ts [-t NAME]: only those tests; what they need is still prepared.
// The last line is alone and reads `N passed, N failed` or `N passed, N failed, N skipped`.
import "./lib/node-version.mjs";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ensureBuilt } from "./lib/build.mjs";
import { ensureChromium } from "./lib/browser.mjs";
import { runChecks, STATIC_CHECKS } from "./lib/checks.mjs";
import { ensureInstalled } from "./lib/install.mjs";
import { reportFailure, runPackage } from "./lib/run.mjs";

const filters = process.argv.slice(2);
const counts = { passed: 0, failed: 0, skipped: 0 };

try {
  await ensureInstalled();
  if (filters.length === 0) {
    await ensureBuilt();
    process.env.MEMWELL_CHROMIUM = await ensureChromium();
    add(await runChecks(STATIC_CHECKS));
  }
  add(await runTests(filters));
} catch (error) {
  reportFailure(error);
  add({ failed: 1 });
}

if (counts.failed > 0) process.exitCode = 1;
const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);

function add({ passed = 0, failed = 0, skipped = 0 }) {
  counts.passed += passed;
  counts.failed += failed;
  counts.skipped += skipped;
}

async function runTests(vitestArguments) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "memwell-test-"));
  const report = path.join(folder, "report.json");
  try {
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const { code } = await runPackage("vitest/vitest.mjs", ["run", ...reporters, ...vitestArguments]);
    return countTests(JSON.parse(readFileSync(report, "utf8")), code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file that could not even be loaded has no tests in the report, and an error outside every test fails none of them. */
function countTests(report, code) {
  const unloadable = report.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  const failed = report.numFailedTests + unloadable.length;
  return {
    passed: report.numPassedTests,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
