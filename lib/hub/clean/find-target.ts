import { MemwellError } from "../../errors";
import { quantOf } from "../quants";
import type { CachedRepo, CachedRevision, CacheScan } from "../scan/contract";
import { fileName, nameOf } from "./names";
import type { Selection } from "./settle";
import { isHash, noSuchFile, noSuchRepo, noSuchRevision, type RemoveTarget } from "./target";

/**
 * Adds what a target names to a selection. Throws `repo_not_found`, `revision_not_found`, `file_not_found`, and
 * `invalid_request` for the beginning of a hash that several revisions have.
 */
export function selectTarget(scan: CacheScan, target: RemoveTarget, selection: Selection): void {
  for (const literal of literalFiles(target)) if (selectFiles(scan, literal, selection)) return;
  const found = findRepo(scan, target);
  if (found === null) return selectRevision(scan.repos, target, target.name, selection);
  if (found.rest !== "" || target.quant !== null) {
    if (!selectFiles(scan, target, selection)) throw noSuchFile(target, found.repo, found.rest);
  } else if (target.revision !== null) selectRevision([found.repo], target, target.revision, selection);
  else selection.repos.set(found.repo, `${target.text} was asked to be removed`);
}

/** `@` and `:` may be a part of a file's name: a file that is named just so wins over a revision and a quant. */
function literalFiles(target: RemoveTarget): RemoveTarget[] {
  const { name, quant, revision } = target;
  const withQuant = quant === null ? name : `${name}:${quant}`;
  return [
    ...(revision === null ? [] : [{ ...target, name: `${withQuant}@${revision}`, quant: null, revision: null }]),
    ...(quant === null ? [] : [{ ...target, name: withQuant, quant: null }]),
  ];
}

/**
 * The repository that a target names, with the revision it names or else all. Throws as `selectTarget` does, and
 * `invalid_request` for what names files of a repository.
 */
export function revisionsNamed(
  scan: CacheScan,
  target: RemoveTarget,
): { repo: CachedRepo; revisions: CachedRevision[] } {
  const found = findRepo(scan, target);
  if (found === null || found.rest !== "" || target.quant !== null) {
    throw new MemwellError(
      "invalid_request",
      `${JSON.stringify(target.text)} names no repository. Write ORG/NAME or ORG/NAME@REVISION.`,
      { target: target.text },
    );
  }
  const { repo } = found;
  const revisions = target.revision === null ? repo.revisions : [revisionNamed([repo], target, target.revision)];
  return { repo, revisions };
}

/** The repository a target begins with, and what follows: `ORG/NAME` wins over `ORG` with a file `NAME`. */
export function findRepo(scan: CacheScan, target: RemoveTarget): { repo: CachedRepo; rest: string } | null {
  const parts = target.name.split("/");
  for (let length = parts.length; length > 0; length--) {
    const repo = repoNamed(scan, target, parts.slice(0, length).join("/"));
    if (repo !== null) return { repo, rest: parts.slice(length).join("/") };
  }
  // A hash is looked for in every repository.
  if (isHash(target.name) && target.repo_type === null && target.revision === null && target.quant === null)
    return null;
  throw noSuchRepo(scan, target);
}

/** A name without its type is a model's, unless only another type has it. */
function repoNamed(scan: CacheScan, target: RemoveTarget, id: string): CachedRepo | null {
  const named = scan.repos.filter((repo) => repo.repo_id === id);
  const ofType = (type: string) => named.find((repo) => repo.repo_type === type) ?? null;
  if (target.repo_type !== null) return ofType(target.repo_type);
  if (named.length > 1 && ofType("model") === null) {
    const names = named.map(nameOf);
    throw new MemwellError(
      "invalid_request",
      `${JSON.stringify(id)} is the name of several repositories: ${names.join(", ")}. Write which one.`,
      { target: target.text, names },
    );
  }
  return ofType("model") ?? named[0] ?? null;
}

function selectFiles(scan: CacheScan, target: RemoveTarget, selection: Selection): boolean {
  const found = withoutThrow(() => findRepo(scan, target));
  if (found === null || (found.rest === "" && target.quant === null)) return false;
  const { repo, rest } = found;
  const revisions = target.revision === null ? repo.revisions : [revisionNamed([repo], target, target.revision)];
  const named = revisions
    .flatMap((revision) => revision.files.map((file) => ({ file, name: fileName(revision, file.file_path) })))
    .filter(({ name }) => rest === "" || name === rest || name.startsWith(`${rest}/`));
  const wanted = target.quant === null ? named : filesOfQuant(named, target.quant);
  for (const { file } of wanted) selection.files.set(file, `${target.text} was asked to be removed`);
  return wanted.length > 0;
}

function withoutThrow<Found>(find: () => Found): Found | null {
  try {
    return find();
  } catch (thrown) {
    if (thrown instanceof MemwellError) return null;
    throw thrown;
  }
}

function selectRevision(
  repos: readonly CachedRepo[],
  target: RemoveTarget,
  wanted: string,
  selection: Selection,
): void {
  selection.revisions.set(revisionNamed(repos, target, wanted), `${target.text} was asked to be removed`);
}

/** By a ref, by its hash, or by the beginning of it that no other revision has. */
function revisionNamed(repos: readonly CachedRepo[], target: RemoveTarget, wanted: string): CachedRevision {
  const [only] = repos;
  const named = repos.length === 1 ? only?.revisions.find((revision) => revision.refs.includes(wanted)) : undefined;
  if (named !== undefined) return named;
  const hash = wanted.toLowerCase();
  const all = repos.flatMap((repo) => repo.revisions);
  const found = isHash(wanted) ? all.filter((revision) => revision.commit_hash.toLowerCase().startsWith(hash)) : [];
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  if (found.length > 1) {
    const hashes = found.map((revision) => revision.commit_hash);
    throw new MemwellError(
      "invalid_request",
      `${JSON.stringify(wanted)} is the beginning of several revisions: ${hashes.join(", ")}. Write more of the hash.`,
      { target: target.text, revisions: hashes },
    );
  }
  throw noSuchRevision(repos, target, wanted);
}

/**
 * The files of one quant. Those whose name or folder tells just this quant, as a download picks them; when there are
 * none, those that have it as a whole word: `Q4_K_M` is one of `UD-Q4_K_M`, `Q4_K` is none of `Q4_K_M`.
 */
export function filesOfQuant<File extends { name: string }>(files: readonly File[], quant: string): File[] {
  const exact = files.filter(({ name }) => quantOf(name) === quant.toUpperCase());
  if (exact.length > 0) return exact;
  const word = quant.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const asWord = new RegExp(`(?:^|[-./ ])${word}(?:$|[-./ ])`, "i");
  return files.filter(({ name }) => asWord.test(name));
}
