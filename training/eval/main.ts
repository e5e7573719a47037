/** `npm run eval`: see `USAGE`. Exit codes: 0 done, whatever was reached; 1 failed; 2 wrong usage. */
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ProgressBar } from "../../lib/cli/progress-bar";
import { MemwellError, messageOf } from "../../lib/errors";
import { loadConfig } from "../../lib/runtime";
import { readArguments, USAGE, type EvalArguments } from "./arguments";
import { evaluate } from "./evaluate";
import { groupsOf } from "./group";
import { evaluationLines } from "./print";
import type { CaseResult } from "./run-case";
import { storeEvaluation, writeWhole } from "./store";

const FOLDER = path.dirname(fileURLToPath(import.meta.url));
const CURRICULUM = path.join(FOLDER, "..", "curriculum");

// npm starts this in the project's folder; a path that was typed counts from where it was typed.
const given = readArguments(process.argv.slice(2), process.env["INIT_CWD"] ?? process.cwd());
if (process.argv.includes("--help")) console.log(USAGE);
else if (typeof given === "string") {
  console.error(`${given}\n\n${USAGE}`);
  process.exitCode = 2;
} else {
  await main(given).catch((thrown: unknown) => {
    console.error(process.env["MEMWELL_DEBUG"] ? thrown : `\n${messageOf(thrown)}`);
    process.exitCode = thrown instanceof MemwellError && thrown.code === "aborted" ? 130 : 1;
  });
}

async function main({ environment, curriculum, json, ...asked }: EvalArguments): Promise<void> {
  const MEMWELL_BUILTIN_MODELS = process.env["MEMWELL_BUILTIN_MODELS"] || path.join(FOLDER, "..", "..", "models");
  const config = loadConfig({ ...process.env, MEMWELL_BUILTIN_MODELS, ...environment });
  const progress = new ProgressBar("{facts}, {eta_formatted} left");
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  process.once("SIGTERM", () => stop.abort());
  try {
    const { evaluation, results } = await evaluate(
      { ...asked, config, folder: curriculum ?? CURRICULUM },
      {
        signal: stop.signal,
        say: (line) => progress.say(line),
        onProgress: (done, total) => progress.update(done, total, `${done} of ${total} cases`),
      },
    );
    progress.end();
    console.log(evaluationLines(evaluation).join("\n"));
    if (json !== null) await writeWhole(json, { ...evaluation, results: results.map(writtenOut) });
    console.error(`\nKept for the metrics page: ${await storeEvaluation(config.dataDir, evaluation)}`);
  } finally {
    progress.end();
  }
}

/** What was asked, said, and marked: for whoever wants to know why. */
function writtenOut({ id, kind, turns, form, decisions, marks }: CaseResult): object {
  return {
    id,
    kind,
    turns: turns.map(({ message, text, failure, isWhole }) => ({ message, answer: text, failure, whole: isWhole })),
    form_problems: form,
    decisions,
    marks: Object.fromEntries(
      [...groupsOf(marks, ([name]) => name)].map(([name, same]) => [name, same.map(([, isSo]) => isSo)]),
    ),
  };
}
