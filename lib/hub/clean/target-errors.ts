import { MemwellError } from "../../errors";
import type { CachedRepo, CacheScan } from "../scan/contract";
import { fileName, nameOf } from "./names";
import { didYouMean, nearNames } from "./near-names";
import type { RemoveTarget } from "./target";

export function noSuchRepo(scan: CacheScan, target: RemoveTarget): MemwellError {
  const ids = scan.repos.map((repo) => (target.repo_type === null ? repo.repo_id : nameOf(repo)));
  const wanted = target.repo_type === null ? target.name : `${target.repo_type}/${target.name}`;
  const near = nearNames(wanted, ids);
  return new MemwellError(
    "repo_not_found",
    `No repository of the cache is named ${JSON.stringify(target.text)}.${didYouMean(near)} \`memwell cache ls\` lists them.`,
    { target: target.text, near },
  );
}

export function noSuchRevision(repos: readonly CachedRepo[], target: RemoveTarget, wanted: string): MemwellError {
  const names = repos.flatMap((repo) => repo.revisions.flatMap((found) => [...found.refs, found.commit_hash]));
  const near = repos.length === 1 && names.length <= 10 ? names : nearNames(wanted, names);
  return new MemwellError(
    "revision_not_found",
    `No revision ${JSON.stringify(wanted)} is in the cache.${didYouMean(near)} \`memwell cache ls --revisions\` lists them.`,
    { target: target.text, revision: wanted, near },
  );
}

export function noSuchFile(target: RemoveTarget, repo: CachedRepo, rest: string): MemwellError {
  const names = repo.revisions.flatMap((revision) => revision.files.map((file) => fileName(revision, file.file_path)));
  const near = nearNames(target.quant ?? rest, names);
  return new MemwellError(
    "file_not_found",
    `No file of ${nameOf(repo)} in the cache is named by ${JSON.stringify(target.text)}.${didYouMean(near)} ` +
      "Write ORG/NAME/FILE or ORG/NAME:QUANT.",
    { target: target.text, repo_id: repo.repo_id, near },
  );
}
