// npm run build: builds what is stale.
//   --dist-only          only the two programs in dist/, which takes a second
//   --engine=cpu|cuda    for an image: the engine build it gets, whatever this machine has
import "./lib/node-version.mjs";
import { parseArgs } from "node:util";
import { ensureBuilt } from "./lib/build.mjs";
import { ensureDist } from "./lib/dist.mjs";
import { ensureEngineBuild } from "./lib/install.mjs";
import { reportFailure } from "./lib/run.mjs";

const { values } = parseArgs({ options: { "dist-only": { type: "boolean" }, engine: { type: "string" } } });

try {
  if (values.engine) await ensureEngineBuild(values.engine);
  const built = values["dist-only"] ? await ensureDist() : await ensureBuilt();
  console.log(built ? "Built." : "Nothing to build: the last build is of these files.");
} catch (error) {
  reportFailure(error);
}
