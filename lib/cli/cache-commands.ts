import type { Command } from "commander";
import { asArgument, size, wholeNumber, wrongUsage } from "./arguments";
import { clean, type CleanOptions } from "./cache-clean";
import { compileFilter, compileSort } from "./cache-filter";
import { listCache } from "./cache-ls";
import { verify } from "./cache-verify";

const CACHE_DIR = ["--cache-dir <dir>", "another cache (default: HF_HUB_CACHE, or what HF_HOME says)"] as const;

/** `memwell cache ls`, `rm`, `prune`, `keep` and `verify`. */
export function addCacheCommands(program: Command): void {
  const cache = program.command("cache").description("the Hugging Face cache: what is in it, and what can go");
  cache
    .command("ls")
    .description("list its repositories")
    .option("--revisions", "with their revisions")
    .option(
      "--filter <expr...>",
      'such as "size>1GB", "accessed>30d", "modified<1w", "type=model", "refs=main", "name=qwen"',
      (text: string, filters: ReturnType<typeof compileFilter>[] | undefined) => [
        ...(filters ?? []),
        asArgument(compileFilter)(text),
      ],
    )
    .option("--sort <key>", "size, accessed, modified or name, perhaps with :asc or :desc", asArgument(compileSort))
    .option("--json", "print JSON")
    .option(...CACHE_DIR)
    .action(listCache);
  cleaning(cache.command("rm"))
    .description("remove repositories, revisions or files")
    .argument(
      "<target...>",
      "ORG/NAME[/FILE][:QUANT][@REVISION], with dataset/ or space/ in front if it is one; or a commit",
    )
    .action((targets: string[], options: CleanOptions) => clean({ action: "rm", targets }, options));
  cleaning(cache.command("prune"))
    .description("remove revisions that nothing names, downloads that nobody goes on with, and what nothing uses")
    .action((options: CleanOptions) => clean({ action: "prune" }, options));
  cleaning(cache.command("keep"))
    .description("remove all models but those used last; MEMWELL_CACHE_PIN and the models of the settings stay")
    .argument("[number]", "how many stay", wholeNumber)
    .option("--max-size <size>", "as many stay as fit into this size, such as 30GB", size)
    .option("--all-types", "datasets and spaces too")
    .action(keep);
  cache
    .command("verify")
    .description("hash the files of a repository and compare them with their names and with the Hub")
    .argument("<repo>", "ORG/NAME[@REVISION], with dataset/ or space/ in front if it is one")
    .option("--local", "do not ask the Hub")
    .option("--json", "print JSON")
    .option(...CACHE_DIR)
    .action(verify);
}

async function keep(
  count: number | undefined,
  { maxSize, allTypes, ...options }: CleanOptions & { maxSize?: number; allTypes?: boolean },
): Promise<void> {
  if (count === undefined && maxSize === undefined)
    throw wrongUsage("say what to keep: a number of models, --max-size 30GB, or both");
  await clean(
    { action: "keep", count, maxSize, ...(allTypes ? { types: ["model", "dataset", "space"] } : {}) },
    options,
  );
}

function cleaning(command: Command): Command {
  return command
    .option("--dry-run", "show the plan and remove nothing")
    .option("--yes", "do not ask")
    .option("--json", "print the plan, or what was done, as JSON")
    .option(...CACHE_DIR);
}
