// npm run bench -- NAME [ARGUMENTS]: runs bench/NAME.ts against a fresh build; without a name, lists them.
import "./lib/node-version.mjs";
import { existsSync, readdirSync } from "node:fs";
import { ensureBuilt } from "./lib/build.mjs";
import { ensureInstalled } from "./lib/install.mjs";
import { fromRoot } from "./lib/root.mjs";
import { reportFailure, runPackage } from "./lib/run.mjs";

const [name, ...benchArguments] = process.argv.slice(2);
const names = existsSync(fromRoot("bench"))
  ? readdirSync(fromRoot("bench"))
      .filter((file) => file.endsWith(".ts"))
      .map((file) => file.slice(0, -".ts".length))
  : [];

if (name && names.includes(name)) {
  try {
    await ensureInstalled();
    await ensureBuilt();
    const { code } = await runPackage("tsx/dist/cli.mjs", [fromRoot("bench", `${name}.ts`), ...benchArguments]);
    process.exitCode = code;
  } catch (error) {
    reportFailure(error);
  }
} else {
  if (name) console.error(`There is no bench named ${name}.`);
  console.log(`npm run bench -- NAME, with NAME one of: ${names.join(", ") || "(none yet)"}`);
  process.exitCode = name ? 2 : 0;
}
