import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fromRoot } from "./root.mjs";
import { runPackage, step } from "./run.mjs";

/** Side by side: processes with models, and browsers. Each runs one file at a time, and waits for most of its time. */
const LANES = [
  { name: "tests of modules, processes and installs", projects: ["unit", "integration", "install"] },
  { name: "tests of the pages in a browser", projects: ["web"] },
];

/** Every test. What the first lane prints comes as it is printed, the others' afterwards. Resolves to counts of tests. */
export async function runAllTests() {
  const counts = await Promise.all(
    LANES.map(({ name, projects }, index) => {
      const projectArguments = projects.flatMap((project) => ["--project", project]);
      return index === 0 ? runTests(projectArguments) : runLane(name, projectArguments);
    }),
  );
  return sum(counts);
}

async function runLane(name, vitestArguments) {
  let counts;
  let printed = "";
  await step(name, async () => {
    const started = performance.now();
    counts = await runTests(vitestArguments, { output: "capture", hear: (output) => (printed = output) });
    console.log(printed.trimEnd());
    return { code: counts.failed > 0 ? 1 : 0, output: "", seconds: (performance.now() - started) / 1000 };
  });
  return counts;
}

/**
 * Runs vitest with these arguments; resolves to `{ passed, failed, skipped }`. A test that fails is tried once more, as is
 * usual where a browser and several processes have to meet; what passed only then is named at the end.
 */
export async function runTests(vitestArguments, { output = "inherit", hear = () => {} } = {}) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "memwell-test-"));
  const report = path.join(folder, "report.json");
  try {
    const secondTries = fromRoot("scripts/vitest/second-tries.mjs");
    const reporters = [`--reporter=default`, `--reporter=${secondTries}`, "--reporter=json"];
    const ran = await runPackage(
      "vitest/vitest.mjs",
      ["run", "--retry=1", ...reporters, `--outputFile.json=${report}`, ...vitestArguments],
      { output },
    );
    hear(ran.output);
    return countTests(JSON.parse(readFileSync(report, "utf8")), ran.code);
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

/** Adds up counts, in which what is absent is none. */
export function sum(counts) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const count of counts) for (const key of Object.keys(total)) total[key] += count[key] ?? 0;
  return total;
}
