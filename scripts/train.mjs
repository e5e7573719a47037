// npm run train -- --model response|reasoning|DOMAIN [--minutes N | --steps N] [--resume]: trains a built-in model anew.
import "./lib/node-version.mjs";
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { ensureInstalled } from "./lib/install.mjs";
import { findTrainingPython } from "./lib/python.mjs";
import { fromRoot } from "./lib/root.mjs";
import { reportFailure, run, runPackage } from "./lib/run.mjs";

const USAGE = `npm run train -- --model MODEL [OPTIONS]
  MODEL           response, reasoning, or a domain of training/curriculum/domains: an adapter on the response model
  --minutes N     how long (60); or --steps N, which gives the same weights again
  --resume        goes on from the last checkpoint of training/runs/MODEL
  --size S        1m, 3m, 8m, 15m (3m)
  --scenes N      scenes that the training data is made of (250000; 60000 for the reasoning model, 8000 for adapters)
  --seed N        of data and weights (1)
  --threads N     cores to use (all)
  --curriculum F  another folder than training/curriculum
  --out FILE      the GGUF file (models/memwell-MODEL.gguf)`;

const NO_PYTHON = `No Python with torch and numpy was found. On Debian or Ubuntu:
  apt-get install python3-torch python3-numpy
Elsewhere: pip install torch numpy, and name that Python in MEMWELL_TRAINING_PYTHON.`;

const options = {
  model: { type: "string" },
  minutes: { type: "string" },
  steps: { type: "string" },
  size: { type: "string" },
  scenes: { type: "string" },
  seed: { type: "string", default: "1" },
  threads: { type: "string" },
  curriculum: { type: "string", default: fromRoot("training", "curriculum") },
  out: { type: "string" },
  resume: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
};

try {
  const given = readArguments();
  if (given !== null) await train(given);
} catch (error) {
  reportFailure(error);
}

function readArguments() {
  try {
    const { values } = parseArgs({ options });
    if (values.help) {
      console.log(USAGE);
      return null;
    }
    const numbers = ["minutes", "steps", "scenes", "seed", "threads"].map((name) => values[name]);
    const areNumbers = numbers.every((value) => value === undefined || /^\d{1,9}(\.\d+)?$/.test(value));
    if (/^[a-z][a-z0-9-]*$/.test(values.model ?? "") && areNumbers) return values;
  } catch (error) {
    console.error(error.message);
  }
  console.error(USAGE);
  process.exitCode = 2;
  return null;
}

async function train(given) {
  const { model, resume, seed, curriculum } = given;
  await ensureInstalled();
  const python = await findTrainingPython();
  if (python === null) throw new Error(NO_PYTHON);
  const isAdapter = model !== "response" && model !== "reasoning";
  const folder = fromRoot("training", "runs", model);
  const base = fromRoot("training", "runs", "response");
  if (isAdapter && !existsSync(`${base}/model.json`)) throw new Error("Train the base first: --model response.");

  if (!resume || !existsSync(`${folder}/data.jsonl`)) {
    const scenes = given.scenes ?? (isAdapter ? "8000" : model === "response" ? "250000" : "60000");
    const data = ["--model", isAdapter ? "response" : model, ...(isAdapter ? ["--domain", model] : [])];
    data.push("--out", folder, "--scenes", scenes, "--seed", seed, "--curriculum", curriculum);
    await mustSucceed(runPackage("tsx/dist/cli.mjs", [fromRoot("training", "data", "main.ts"), ...data]));
  }
  const out = given.out ?? fromRoot("models", `memwell-${model}.gguf`);
  const trainer = ["-m", "train", "--data", folder, "--run", folder, "--out", out, "--name", nameOf(model)];
  trainer.push("--seed", seed, ...(given.steps ? ["--steps", given.steps] : ["--minutes", given.minutes ?? "60"]));
  if (isAdapter) trainer.push("--base", base);
  else trainer.push("--size", given.size ?? "3m");
  if (given.threads) trainer.push("--threads", given.threads);
  if (resume) trainer.push("--resume");
  // torch's own setting does not reach the library that multiplies its matrices.
  const threads = given.threads ? { OMP_NUM_THREADS: given.threads, OPENBLAS_NUM_THREADS: given.threads } : {};
  await mustSucceed(run(python, trainer, { cwd: fromRoot("training"), env: threads }));
}

function nameOf(model) {
  return `Memwell built-in ${model}`;
}

async function mustSucceed(running) {
  const { code } = await running;
  if (code !== 0) throw new Error(`The training ended with exit code ${code}; what went wrong is said above.`);
}
