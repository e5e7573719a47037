import { loadConfig } from "../runtime";
import { untilInterrupted } from "./interrupt";
import { openCache } from "./open-cache";
import { bytes, printJson } from "./output";
import { TransferBar } from "./transfer-bar";

/** Hashes what the cache has of a repository. Exit code 1 when something is damaged or missing. */
export async function verify(
  target: string,
  options: { local?: boolean; cacheDir?: string; json?: boolean },
): Promise<void> {
  const bar = new TransferBar();
  const onProgress = ({ done, total, file }: { done: number; total: number; file: string }): void =>
    bar.update({ done, total, label: file });
  const result = await openCache(loadConfig(process.env), options.cacheDir, (cache) =>
    untilInterrupted(
      (signal) => cache.verify(target, { local: options.local, signal, onProgress }),
      "Nothing was changed.",
    ),
  ).finally(() => bar.end());
  if (result === undefined) return;
  if (!result.ok) process.exitCode = 1;
  if (options.json) return printJson(result);
  for (const warning of result.warnings) process.stderr.write(`${warning}\n`);
  for (const { state, commit_hash, file, path, expected, actual } of result.files) {
    if (state === "ok" || state === "absent") continue;
    const hashes = expected === null || actual === null ? "" : ` (is ${actual}, should be ${expected})`;
    process.stdout.write(
      `${state}: ${commit_hash.slice(0, 12)} ${file}${hashes}${path === null ? "" : ` at ${path}`}\n`,
    );
  }
  const absent = result.files.filter(({ state }) => state === "absent").length;
  const count = result.files.filter(({ state }) => state === "ok").length;
  const more = absent === 0 ? "" : `; ${absent} more on the Hub`;
  const against = result.compared_with_hub ? "their names and the Hub" : "their names";
  const verdict = result.ok ? "" : "; `memwell cache rm` and `memwell models pull` bring back what is damaged";
  process.stdout.write(
    `${count} of ${result.files.length - absent} files are as ${against} say; ${bytes(result.size_checked)} read${more}${verdict}\n`,
  );
}
