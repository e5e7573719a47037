import { run } from "./run.mjs";

/** Debian's own Python has Debian's torch, also where another one comes first. */
const PROGRAMS = ["python3", "/usr/bin/python3"];

/**
 * A Python that has torch and numpy: the one that `MEMWELL_TRAINING_PYTHON` names, or the first that has them. Resolves to
 * null when there is none.
 */
export async function findTrainingPython() {
  const named = process.env.MEMWELL_TRAINING_PYTHON;
  for (const program of named ? [named] : PROGRAMS) {
    const { code } = await run(program, ["-c", "import numpy, torch"], { output: "capture", timeoutMs: 60_000 });
    if (code === 0) return program;
  }
  return null;
}
