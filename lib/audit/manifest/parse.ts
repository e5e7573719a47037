import { z } from "zod";
import { MemwellError } from "../../errors";
import { repoFolder } from "../../hub/layout";
import { checkJson, parseJson } from "../json-file";
import type { Manifest } from "./contract";
import { isPlainPath } from "./plain-path";

/** More than any folder of models has. */
const MOST_ENTRIES = 10_000;

const plainPath = z.string().refine(isPlainPath, "a path below the folder is allowed, with / between folders");

const entry = z.strictObject({
  path: plainPath,
  repo_type: z.enum(["model", "dataset"]).default("model"),
  repo: z.string().max(200).refine(isRepo, "ORG/NAME is allowed, as on the Hub"),
  file: plainPath,
  revision: z.string().regex(/^[0-9a-f]{40}$/, "a commit of 40 hexadecimal digits is allowed"),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits are allowed"),
  size: z.number().int().min(0),
  license: z.string().max(100).regex(/^[\w.+ -]*$/, "the short name of a license is allowed").nullable().default(null),
}); // prettier-ignore

const schema = z.strictObject({
  version: z.literal(1, "1 is all that this Memwell reads: a newer one may read more"),
  // Counted before any of them is looked at.
  entries: z.array(z.unknown()).max(MOST_ENTRIES).pipe(z.array(entry)),
});

/**
 * Reads the text of a manifest, which may be a stranger's.
 *
 * @param path of its file, for messages
 * @throws MemwellError `invalid_json`; `invalid_request` with what is wrong and where
 */
export function parseManifest(text: string, path: string): Manifest {
  return checkManifest(parseJson(text, path), path);
}

/** @throws MemwellError `invalid_request` */
export function checkManifest(value: unknown, path: string): Manifest {
  const manifest = checkJson(schema, value, path, "The README says what a manifest holds.");
  refuseSharedPaths(manifest, path);
  return manifest;
}

/** Each path once, and none in the place of a folder that another one needs. */
function refuseSharedPaths({ entries }: Manifest, path: string): void {
  const paths = new Set<string>();
  for (const entry of entries) {
    if (paths.has(entry.path)) throw shared(path, entry.path, "is there twice");
    paths.add(entry.path);
  }
  for (const one of paths)
    for (let end = one.lastIndexOf("/"); end > 0; end = one.lastIndexOf("/", end - 1))
      if (paths.has(one.slice(0, end))) throw shared(path, one.slice(0, end), "is a file and a folder at once");
}

function shared(manifest: string, path: string, what: string): MemwellError {
  return new MemwellError(
    "invalid_request",
    `${manifest}: ${JSON.stringify(path.slice(0, 200))} ${what}. Remove one of the two entries.`,
    { manifest, path },
  );
}

function isRepo(repo: string): boolean {
  try {
    return repoFolder({ repo_type: "model", repo_id: repo }) !== "" && repo.split("/").length <= 2;
  } catch {
    return false;
  }
}
