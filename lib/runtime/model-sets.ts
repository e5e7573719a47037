import type { ModelReference } from "../config";
import { MemwellError } from "../errors";
import { ggufSets, setsOfQuant, type GgufSet, type RepoListing } from "../hub";
import { splitParts } from "../gguf";
import { chooseQuant, type QuantRoom } from "./choose-quant";

export type HubReference = Extract<ModelReference, { type: "hub" }>;

/** What a reference is to name: an adapter is never weighed, nor chosen among several. */
export type ModelKind = "model" | "adapter";

/** What of a repository's files a reference can mean: one file, all of a quant, or every model there is. */
export function setsOf(
  { file, quant }: HubReference,
  kind: ModelKind,
  files: readonly { path: string; size: number }[],
): GgufSet[] {
  if (file !== null) return setOfFile(file, quant, files);
  const sets = ggufSets(files, kind);
  return quant === null ? sets : setsOfQuant(sets, quant);
}

/**
 * The one set to take. What was named is not weighed here: loading says whether it fits.
 *
 * @throws MemwellError `invalid_request` for several adapters; as `chooseQuant`
 */
export async function pickSet(
  reference: HubReference,
  kind: ModelKind,
  sets: readonly GgufSet[],
  room: QuantRoom,
): Promise<{ set: GgufSet; reason: string | null }> {
  const [only] = sets;
  const isNamed = reference.file !== null || reference.quant !== null;
  if (only !== undefined && sets.length === 1 && (isNamed || kind === "adapter")) return { set: only, reason: null };
  if (kind === "adapter") throw severalAdapters(reference, sets);
  return chooseQuant(`hf:${reference.repo}`, sets, room);
}

/** What to throw when no file of the revision is what the reference names. */
export function noSuchFile({ repo, file, quant }: HubReference, kind: ModelKind, listing: RepoListing): MemwellError {
  const models = ggufSets(listing.files, kind);
  const names = models.map((set) => (file === null && kind === "model" ? set.quant : null) ?? set.paths[0] ?? "");
  const known = [...new Set(names)].slice(0, 50);
  const missing = file !== null ? `no file ${file}` : quant !== null ? `no quant ${quant}` : `no GGUF ${kind}`;
  const advice =
    known.length === 0
      ? "Choose a repository with GGUF files; their names mostly end in -GGUF."
      : `It has: ${known.join(", ")}.`;
  return new MemwellError("file_not_found", `hf:${repo} has ${missing} at ${listing.revision}. ${advice}`, {
    repo_id: repo,
    revision: listing.revision,
    known,
  });
}

function setOfFile(file: string, quant: string | null, files: readonly { path: string; size: number }[]): GgufSet[] {
  const sizes = new Map(files.map(({ path, size }) => [path, size]));
  const paths = splitParts(file);
  if (!paths.every((path) => sizes.has(path))) return [];
  return [{ paths, size: paths.reduce((sum, path) => sum + (sizes.get(path) ?? 0), 0), quant }];
}

function severalAdapters({ repo }: HubReference, sets: readonly GgufSet[]): MemwellError {
  const names = sets.map(({ paths }) => paths[0] ?? "").slice(0, 50);
  return new MemwellError(
    "invalid_request",
    `hf:${repo} has several adapters. Name one: hf:${repo}/FILE, where FILE is one of ${names.join(", ")}.`,
    { repo_id: repo, known: names },
  );
}
