import { Command, CommanderError } from "commander";
import { toMemwellError } from "../errors";
import { chat } from "./chat";
import { showMemory } from "./memory";
import { listModels, loadModel, unloadModel } from "./models";
import { serve } from "./serve";

/** Exit codes: 0 done, 1 failed, 2 wrong usage. Results go to stdout, messages to stderr. */
const program = new Command("memwell")
  .description("An agent chat that runs several models one after the other on a small machine")
  .exitOverride()
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
  .option("--seed <number>", "the same seed gives the same answer", wholeNumber)
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
program
  .command("memory")
  .description("the memory budget and every process")
  .option("--watch", "show it again every second")
  .option("--json", "print JSON")
  .option(...url)
  .action(showMemory);
program.configureHelp({ showGlobalOptions: true });

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
