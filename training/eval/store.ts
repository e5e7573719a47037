import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Evaluation } from "../../lib/wire";

/** As many are kept; the oldest go first. */
const MOST_KEPT = 50;
const DAY_MS = 86_400_000;

/** Where the metrics page looks for evaluations. */
export function evaluationsFolder(dataDir: string): string {
  return path.join(dataDir, "evals");
}

/**
 * Keeps an evaluation for the metrics page, and forgets the oldest ones.
 *
 * @returns the file
 * @throws a file system error
 */
export async function storeEvaluation(dataDir: string, evaluation: Evaluation): Promise<string> {
  const folder = evaluationsFolder(dataDir);
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `${evaluation.id}.json`);
  await writeWhole(file, evaluation);
  await forgetOldest(folder);
  return file;
}

/** @throws a file system error */
export async function writeWhole(file: string, value: unknown): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const part = `${file}.part-${process.pid}`;
  await writeFile(part, `${JSON.stringify(value, null, 2)}\n`);
  await rename(part, file);
}

async function forgetOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).sort();
  const kept = names.filter((name) => /^[0-9TZ-]+\.json$/.test(name));
  for (const name of kept.slice(0, -MOST_KEPT)) await rm(path.join(folder, name), { force: true });
  // What a killed evaluation has left behind.
  for (const name of names.filter((one) => one.startsWith(".running-"))) {
    const place = path.join(folder, name);
    const age = await stat(place).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > DAY_MS) await rm(place, { recursive: true, force: true });
  }
}
