import { Command, CommanderError, Option } from "commander";
import { toMemwellError } from "../errors";
import { AGENT_MODEL_ID } from "../runtime";
import { addAuditCommand } from "./audit";
import { addCacheCommands } from "./cache-commands";
import { listCatalogue } from "./catalogue";
import { duration, positiveNumber, wholeNumber } from "./arguments";
import { chat } from "./chat";
import { seed, temperature } from "./chat-options";
import { fit } from "./fit";
import { showMemory } from "./memory";
import { showMemoryLog } from "./memory-log";
import { exportFormat, exportRecorded } from "./metrics";
import { listModels, loadModel, pinModel, unloadModel, unpinModel } from "./models";
import { pull } from "./pull";
import { push } from "./push";
import { serve } from "./serve";
import { builtInModelsPath } from "./paths";
import { useModel } from "./use-model";

// For every command, and for the web server, which `serve` runs in this process.
process.env["MEMWELL_BUILTIN_MODELS"] ||= builtInModelsPath();

/** Exit codes: 0 done, 1 failed, 2 wrong usage. Results go to stdout, messages to stderr. */
const program = new Command("memwell")
  .description("An agent chat that runs several models one after the other on a small machine")
  .exitOverride()
  // Otherwise `memory log --json` would give --json to `memory`.
  .enablePositionalOptions()
  .showHelpAfterError("(memwell --help lists the commands)");

program
  .command("serve")
  .description("start the web app")
  .option("--port <port>", "port to listen on (default: PORT, or 7860)", wholeNumber)
  .option("--host <host>", "address to listen on (default: MEMWELL_HOST, or 127.0.0.1; on a Space 0.0.0.0)")
  .action(serve);

program
  .command("chat")
  .description("ask once: the answer on stdout while it is written, the steps that lead to it on stderr")
  .argument("<text>", "what to ask; - reads it from standard input")
  .option("--model <id>", `whom to ask: ${AGENT_MODEL_ID} is the agent, any other one model alone`, AGENT_MODEL_ID)
  .option("--domain <name>", "the domain the agent answers in: one of MEMWELL_DOMAINS, or auto")
  .option("--system <text>", "instructions besides its own")
  .option("--max-tokens <number>", "tokens to answer with at most", positiveNumber)
  .option(
    "--max-thought-tokens <number>",
    "tokens to think with at most (the agent: for each kind of notes)",
    wholeNumber,
  )
  .option("--temperature <number>", "how freely to choose words, 0 to 2; 0 takes the likeliest", temperature)
  .option("--seed <number>", "the same seed gives the same answer (with MEMWELL_THREADS set)", seed)
  .option("--quiet", "print no steps")
  .option("--json", "print one event a line, and no steps")
  .action(chat);

const models = program.command("models").description("the models of this Memwell");
const url = ["--url <url>", "address of a running Memwell (default: this machine, at PORT or 7860)"] as const;
models
  .command("ls")
  .description("list the models of the settings, and which are loaded")
  .option("--json", "print JSON")
  .option(...url)
  .action(listModels);
models
  .command("list")
  .description("list models to choose from, with what they take and whether they fit this machine")
  .option("--json", "print JSON, in bytes and tokens")
  .option(...url)
  .action(listCatalogue);
models
  .command("use")
  .description("download a model of the list and let it answer from now on, also after a restart")
  .argument("<id>", "one of `models list`; built-in goes back to the models that are there without a choice")
  .addOption(
    new Option("--role <role>", "only for the answer, or only for what comes before it").choices([
      "response",
      "reasoning",
    ]),
  )
  .option("--json", "print JSON")
  .option(...url)
  .action(useModel);
models
  .command("load")
  .description("load a model in the running server")
  .argument("<id>")
  .option("--json", "print JSON")
  .option(...url)
  .action(loadModel);
models
  .command("unload")
  .description("unload a model in the running server")
  .argument("<id>")
  .option("--json", "print JSON")
  .option(...url)
  .action(unloadModel);
models
  .command("pin")
  .description("keep a model in memory from its next load on, in the running server")
  .argument("<id>")
  .option("--json", "print JSON")
  .option(...url)
  .action(pinModel);
models
  .command("unpin")
  .description("let a model go again when its memory is needed or it is idle, in the running server")
  .argument("<id>")
  .option("--json", "print JSON")
  .option(...url)
  .action(unpinModel);
models
  .command("pull")
  .description("download models of the Hugging Face Hub into its cache, or go on with a download that was interrupted")
  .argument("[ref...]", "hf:ORG/REPO[/FILE][:QUANT][@REVISION] (default: what the settings name)")
  .option("--manifest <file>", "instead: put each file of a manifest at its path, as a link into the cache")
  .option("--copy", "with --manifest: copies instead of links")
  .option("--json", "print JSON")
  .action(pull);
models
  .command("push")
  .description("upload models and adapters to the Hugging Face Hub; what is there already is skipped")
  .argument("<file...>")
  .requiredOption("--repo <org/name>", "the repository; it is made, private, when it is missing")
  .option("--public", "make it public, if it is made")
  .option("--message <text>", "the title of the commit")
  .option("--json", "print JSON")
  .action(push);
models
  .command("fit")
  .description("forecast whether a model fits into memory, without loading it; exit code 0: it fits, 1: it does not")
  .argument(
    "<ref>",
    "a path to a GGUF file, hf:ORG/REPO[/FILE][:QUANT][@REVISION], or the id of a model (models ls lists them)",
  )
  .option("--context <tokens>", "with a context of this size (default: the setting's)", positiveNumber)
  .option("--json", "print JSON, in bytes and tokens")
  .action(fit);
addCacheCommands(program);
addAuditCommand(program);
const memory = program
  .command("memory")
  .description("the memory budget and every process")
  .option("--watch", "show it again every second")
  .option("--since <time>", "instead: the peaks, and what happened, in the last 10m, 12h or 7d", duration)
  .option("--json", "print JSON")
  .option(...url)
  .action(showMemory);
memory
  .command("log")
  .description("what each step of each model held before, at most, and after")
  .option("--run <id>", "only the steps of this run")
  .option("--model <id>", "only the steps of this model")
  .option("--limit <number>", "the newest steps, as many as this (default: 50)", wholeNumber)
  .option("--json", "print the records as JSON")
  .option(...url)
  .action(showMemoryLog);
program
  .command("metrics")
  .description("what was recorded of turns")
  .command("export")
  .description("write it to a file: figures of turns, memory of their steps, alerts")
  .requiredOption(
    "--format <format>",
    "trackio (a database for its dashboard), csv (turns alone) or json",
    exportFormat,
  )
  .option("--out <file>", "default: memwell.db for trackio, else standard output")
  .option("--since <time>", "only the last of it, such as 7d", duration)
  .option("--texts", "for trackio: with what visitors asked and what was answered")
  .option("--json", "print where it was written as JSON")
  .action(exportRecorded);
program.configureHelp({ showGlobalOptions: true });

try {
  await program.parseAsync(process.argv);
} catch (thrown) {
  if (thrown instanceof CommanderError) {
    // Commander has printed what was wrong, except for what this file throws itself.
    if (thrown.code === "memwell.usage") process.stderr.write(`${thrown.message}\n`);
    process.exitCode = thrown.exitCode === 0 ? 0 : 2;
  } else {
    process.stderr.write(`${toMemwellError(thrown).message}\n`);
    process.exitCode ??= 1;
  }
}
