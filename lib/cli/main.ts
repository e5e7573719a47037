import { Command, CommanderError } from "commander";
import { toMemwellError } from "../errors";
import { parseBytes } from "../config";
import { clean, keepRequest, type CleanOptions } from "./cache-clean";
import { listCache } from "./cache-ls";
import { verify } from "./cache-verify";
import { chat } from "./chat";
import { fit } from "./fit";
import { showMemory } from "./memory";
import { showMemoryLog } from "./memory-log";
import { listModels, loadModel, pinModel, unloadModel, unpinModel } from "./models";
import { pull } from "./pull";
import { push } from "./push";
import { serve } from "./serve";

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
  .description("ask once and print the answer while it is written")
  .argument("<text>", "what to ask; - reads it from standard input")
  .option("--model <id>", "model to ask (models ls lists them)", "memwell")
  .option("--max-tokens <number>", "tokens to answer with at most", wholeNumber)
  .option("--seed <number>", "the same seed gives the same answer (with MEMWELL_THREADS set)", wholeNumber)
  .option("--json", "print one event a line")
  .action(chat);

const models = program.command("models").description("the models of this Memwell");
const url = ["--url <url>", "address of a running Memwell (default: this machine, at PORT or 7860)"] as const;
models
  .command("ls")
  .description("list them")
  .option("--json", "print JSON")
  .option(...url)
  .action(listModels);
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
const cache = program.command("cache").description("the Hugging Face cache: what is in it, and what can go");
const cacheDir = ["--cache-dir <dir>", "another cache (default: HF_HUB_CACHE, or what HF_HOME says)"] as const;
cache
  .command("ls")
  .description("list its repositories")
  .option("--revisions", "with their revisions")
  .option(
    "--filter <expr...>",
    'such as "size>1GB", "accessed>30d", "modified<1w", "type=model", "refs=main", "name=qwen"',
  )
  .option("--sort <key>", "size, accessed, modified or name, perhaps with :asc or :desc", "size")
  .option("--json", "print JSON")
  .option(...cacheDir)
  .action(listCache);
const cleans = (command: Command): Command =>
  command
    .option("--dry-run", "show the plan and remove nothing")
    .option("--yes", "do not ask")
    .option("--json", "print the plan, or what was done, as JSON")
    .option(...cacheDir);
cleans(cache.command("rm"))
  .description("remove repositories, revisions or files")
  .argument(
    "<target...>",
    "ORG/NAME[/FILE][:QUANT][@REVISION], with dataset/ or space/ in front if it is one; or a commit",
  )
  .action((targets: string[], options: CleanOptions) => clean({ action: "rm", targets }, options));
cleans(cache.command("prune"))
  .description("remove revisions that nothing names, downloads that nobody goes on with, and what nothing uses")
  .action((options: CleanOptions) => clean({ action: "prune" }, options));
cleans(cache.command("keep"))
  .description("remove all models but those used last; MEMWELL_CACHE_PIN and the models of the settings stay")
  .argument("[number]", "how many stay", wholeNumber)
  .option("--max-size <size>", "as many stay as fit into this size, such as 30GB", size)
  .option("--all-types", "datasets and spaces too")
  .action((count: number | undefined, options: CleanOptions & { maxSize?: number; allTypes?: boolean }) =>
    clean(keepRequest(count, options.maxSize, options.allTypes ?? false), options),
  );
cache
  .command("verify")
  .description("hash the files of a repository and compare them with their names and with the Hub")
  .argument("<repo>", "ORG/NAME[@REVISION], with dataset/ or space/ in front if it is one")
  .option("--local", "do not ask the Hub")
  .option("--json", "print JSON")
  .option(...cacheDir)
  .action(verify);
const memory = program
  .command("memory")
  .description("the memory budget and every process")
  .option("--watch", "show it again every second")
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
program.configureHelp({ showGlobalOptions: true });

function positiveNumber(text: string): number {
  const number = wholeNumber(text);
  if (number === 0) throw new CommanderError(2, "memwell.number", `error: "${text}" is not above zero`);
  return number;
}

function size(text: string): number {
  const bytes = parseBytes(text);
  if (bytes === null) throw new CommanderError(2, "memwell.number", `error: "${text}" is no size such as 30GB`);
  return bytes;
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new CommanderError(2, "memwell.number", `error: "${text}" is no whole number`);
  return Number(text);
}

try {
  await program.parseAsync(process.argv);
} catch (thrown) {
  if (thrown instanceof CommanderError) {
    // Commander has printed what was wrong, except for what this file throws itself.
    if (thrown.code === "memwell.number") process.stderr.write(`${thrown.message}\n`);
    process.exitCode = thrown.exitCode === 0 ? 0 : 2;
  } else {
    process.stderr.write(`${toMemwellError(thrown).message}\n`);
    process.exitCode = 1;
  }
}
