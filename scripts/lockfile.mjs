// npm run lockfile [-- --check]: puts package-lock.json right after npm wrote it; run it after every change of packages.
import "./lib/node-version.mjs";
import { checkLockfile } from "./lib/lockfile.mjs";

const faults = checkLockfile({ fix: !process.argv.includes("--check") });
if (faults.length > 0) {
  console.error(`package-lock.json: ${faults.join("; ")}. \`npm run lockfile\` puts it right.`);
  process.exitCode = 1;
}
