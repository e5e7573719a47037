import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import { parseEvaluation, type Evaluation } from "@/lib/wire";

/** As many of the newest are told. */
const MOST = 20;
/** In bytes; one takes some twenty thousand. */
const LARGEST_FILE = 1_000_000;
const NAME = /^[0-9TZ-]{1,40}\.json$/;

/**
 * The evaluations that `npm run eval` has left in a data folder, the newest first; none where there is no such folder. What
 * is no evaluation, or is too large for one, is left out.
 */
export async function readEvaluations(dataDir: string): Promise<Evaluation[]> {
  const folder = join(dataDir, "evals");
  const names = await readdir(folder).catch(() => []);
  const newest = names
    .filter((name) => NAME.test(name))
    .sort()
    .reverse()
    .slice(0, MOST);
  const read = await Promise.all(newest.map((name) => readEvaluation(join(folder, name))));
  return read.filter((evaluation) => evaluation !== null);
}

async function readEvaluation(file: string): Promise<Evaluation | null> {
  try {
    const found = await stat(file);
    if (!found.isFile() || found.size > LARGEST_FILE) return null;
    return parseEvaluation(await readFile(file, "utf8"));
  } catch {
    // Removed meanwhile, or not for this process to read.
    return null;
  }
}
