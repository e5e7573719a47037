import { MemwellError } from "../../errors";
import type { RepoType } from "../layout";
import type { CachedRepo, CachedRevision, CacheScan } from "../scan/contract";
import { didYouMean, fileName, nameOf, nearNames } from "./names";

const SHORTEST_HASH = 7;

/** What somebody wants removed or pinned, as they wrote it; what it names is for the scan to say. */
export interface RemoveTarget {
  text: string;
  /** Null: it was left out. */
  repo_type: RepoType | null;
  /** `ORG/NAME`, or with `/path/FILE` behind it, or a commit hash alone. */
  name: string;
  /** A ref, a commit hash or the beginning of one. */
  revision: string | null;
  quant: string | null;
}

const TYPES: Record<string, RepoType> = {
  model: "model",
  models: "model",
  dataset: "dataset",
  datasets: "dataset",
  space: "space",
  spaces: "space",
};

/**
 * Reads `[hf:][model/|dataset/|space/]ORG/NAME[/path/FILE][:QUANT][@REVISION]`, or a commit hash. Throws
 * `invalid_request` for a text that can name nothing in a cache.
 */
export function parseRemoveTarget(text: string): RemoveTarget {
  const [, body = ""] = /^(?:hf:)?(?:\/\/)?(.*)$/s.exec(text) ?? [];
  const at = body.lastIndexOf("@");
  const revision = at === -1 ? null : body.slice(at + 1);
  const path = at === -1 ? body : body.slice(0, at);
  const [, untyped = "", quant = null] = /^(.*?)(?::([^:/]*))?$/s.exec(path) ?? [];
  const slash = untyped.indexOf("/");
  const type = slash === -1 ? "" : untyped.slice(0, slash);
  const repoType = Object.hasOwn(TYPES, type) ? (TYPES[type] ?? null) : null;
  const name = repoType === null ? untyped : untyped.slice(slash + 1);
  if (![name, revision ?? "x"].every(isPath) || quant === "") throw unreadable(text);
  return { text, repo_type: repoType, name, revision, quant };
}

/** No part of it leads elsewhere, and a terminal can show it. */
function isPath(text: string): boolean {
  const isPlain = [...text].every((letter) => letter > "\u001f" && letter !== "\u007f");
  return isPlain && text.split("/").every((part) => !["", ".", ".."].includes(part));
}

function unreadable(text: string): MemwellError {
  return new MemwellError(
    "invalid_request",
    `${JSON.stringify(text)} names nothing in a cache. Write ORG/NAME, ORG/NAME@REVISION, ORG/NAME/FILE, ORG/NAME:QUANT or a ` +
      "commit hash, with dataset/ or space/ in front if it is one.",
    { target: text },
  );
}

/** A commit hash, or the beginning of one. */
export function isHash(text: string): boolean {
  return text.length >= SHORTEST_HASH && text.length <= 40 && /^[0-9a-f]+$/i.test(text);
}

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

/** What no prune and no `keep` may take: whole repositories, or single revisions of them. */
export class Pins {
  readonly #pins: RemoveTarget[];

  /** `texts`: `ORG/NAME` or `ORG/NAME@REVISION`, with or without a type. Throws `invalid_request`. */
  constructor(texts: readonly string[] = []) {
    this.#pins = texts.map(parseRemoveTarget);
  }

  /** Wholly or in part: a repository with a pinned revision is pinned. */
  holdRepo(repo: CachedRepo): boolean {
    return this.#pins.some((pin) => isOf(pin, repo));
  }

  holdRevision(repo: CachedRepo, revision: CachedRevision): boolean {
    return this.#pins.some((pin) => isOf(pin, repo) && (pin.revision === null || names(pin.revision, revision)));
  }
}

/** A pin of a file or a quant holds its repository: rather too much than too little. */
function isOf(pin: RemoveTarget, repo: CachedRepo): boolean {
  const isNamed = pin.name === repo.repo_id || pin.name.startsWith(`${repo.repo_id}/`);
  return isNamed && (pin.repo_type === null || pin.repo_type === repo.repo_type);
}

function names(wanted: string, revision: CachedRevision): boolean {
  if (revision.refs.includes(wanted)) return true;
  return isHash(wanted) && revision.commit_hash.startsWith(wanted.toLowerCase());
}
