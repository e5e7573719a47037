/**
 * `npx tsx training/data/main.ts --model response|reasoning --out FOLDER [--scenes N] [--seed S] [--domain D] [--only ID,ID]
 * [--curriculum FOLDER]`: writes the training data of a model.
 */
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { writeData, type ModelKind } from "./write-data";

const MODELS: readonly ModelKind[] = ["response", "reasoning"];
const CURRICULUM = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "curriculum");

const { values } = parseArgs({
  options: {
    model: { type: "string" },
    out: { type: "string" },
    scenes: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
    domain: { type: "string" },
    only: { type: "string", default: "" },
    curriculum: { type: "string", default: CURRICULUM },
  },
});
const model = MODELS.find((known) => known === values.model);
const scenes = Number(values.scenes);
if (model === undefined || values.out === undefined || !Number.isSafeInteger(scenes) || scenes < 1) {
  console.error("Needed: --model response|reasoning, --out FOLDER, and --scenes as a whole number from 1 on.");
  process.exitCode = 2;
} else {
  const started = performance.now();
  const { out, seed, curriculum: folder } = values;
  const only = values.only.split(",").filter((id) => id !== "");
  const records = await writeData({ model, out, folder, scenes, seed, domain: values.domain ?? null, only });
  console.log(`${records} records in ${((performance.now() - started) / 1000).toFixed(1)} s: ${out}`);
}
