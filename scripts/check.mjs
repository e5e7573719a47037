// npm run check: types, lint, format, lockfile and unit tests; one line each, under a minute.
import "./lib/node-version.mjs";
import { runChecks, STATIC_CHECKS, UNIT_TESTS } from "./lib/checks.mjs";
import { ensureInstalled } from "./lib/install.mjs";
import { reportFailure } from "./lib/run.mjs";

try {
  await ensureInstalled();
  const { failed } = await runChecks([...STATIC_CHECKS, UNIT_TESTS]);
  process.exitCode = failed > 0 ? 1 : 0;
} catch (error) {
  reportFailure(error);
}
