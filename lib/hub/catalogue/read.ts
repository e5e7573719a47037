import { readFile, stat } from "node:fs/promises";
import { MemwellError, messageOf } from "../../errors";
import { systemCodeOf } from "../folder";
import type { Catalogue } from "./contract";
import shipped from "./models.json";
import { badCatalogue, parseCatalogue } from "./parse";

/** No list of models is larger; what is was named by mistake. */
const LARGEST_FILE = 1_000_000;

/**
 * The models to choose from: those that Memwell ships with, or an owner's own.
 *
 * @param file a JSON file of the form of `models.json` beside this one; null for that one
 * @throws MemwellError `invalid_setting` for a file that cannot be read, or is no catalogue
 */
export async function readCatalogue(file: string | null): Promise<Catalogue> {
  if (file === null) return parseCatalogue(shipped, "Memwell itself");
  const text = await readText(file);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (thrown) {
    throw badCatalogue(file, "", `It is no JSON (${messageOf(thrown).slice(0, 200)}).`);
  }
  return parseCatalogue(content, file);
}

async function readText(path: string): Promise<string> {
  try {
    // Looked at first: a pipe would be waited for.
    const stats = await stat(path);
    if (!stats.isFile()) throw badCatalogue(path, "", "It is no file.");
    if (stats.size > LARGEST_FILE) throw badCatalogue(path, "", `It is larger than ${LARGEST_FILE} bytes.`);
    return await readFile(path, "utf8");
  } catch (thrown) {
    if (thrown instanceof MemwellError) throw thrown;
    const code = systemCodeOf(thrown);
    throw badCatalogue(path, "", code === "ENOENT" ? "There is no such file." : `The disk says ${code}.`);
  }
}
