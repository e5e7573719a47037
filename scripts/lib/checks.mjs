import { existsSync } from "node:fs";
import { checkLockfile } from "./lockfile.mjs";
import { fromRoot } from "./root.mjs";
import { runPackage, step } from "./run.mjs";

const capture = { output: "capture" };

/** Everything that reads the sources without running them, slowest first. */
export const STATIC_CHECKS = [
  { name: "types", action: checkTypes },
  { name: "lint", action: () => runPackage("eslint/bin/eslint.js", ["--max-warnings", "0", "."], capture) },
  {
    name: "format",
    action: () => runPackage("prettier/bin/prettier.cjs", ["--check", "--log-level=warn", "."], capture),
  },
  { name: "lockfile", action: checkLockfileStep },
];

export const UNIT_TESTS = {
  name: "unit tests",
  action: () => runPackage("vitest/vitest.mjs", ["run", "--project", "unit", "--reporter=dot"], capture),
};

/** Runs checks, two at a time: a small machine has two cores. Resolves to `{ passed, failed }`, counted in checks. */
export async function runChecks(checks) {
  const waiting = [...checks];
  const counts = { passed: 0, failed: 0 };
  const work = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      counts[(await step(check.name, check.action)) ? "passed" : "failed"] += 1;
    }
  };
  await Promise.all([work(), work()]);
  return counts;
}

async function checkTypes() {
  // Next writes the types of routes and of imported style sheets; a fresh clone has none yet.
  if (!existsSync(fromRoot("next-env.d.ts"))) {
    const generated = await runPackage("next/dist/bin/next", ["typegen"], capture);
    if (generated.code !== 0) return generated;
  }
  return runPackage("typescript/bin/tsc", ["--noEmit", "--pretty", "false"], capture);
}

async function checkLockfileStep() {
  const faults = checkLockfile();
  const advice = faults.length > 0 ? `${faults.join("\n")}\n\`npm run lockfile\` puts it right.` : "";
  return { code: faults.length > 0 ? 1 : 0, output: advice, seconds: 0 };
}
