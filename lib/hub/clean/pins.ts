import type { CachedRepo, CachedRevision } from "../scan/contract";
import { isHash } from "./find-target";
import { parseRemoveTarget, type RemoveTarget } from "./target";

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
