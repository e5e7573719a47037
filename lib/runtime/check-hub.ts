import { basename, join } from "node:path";
import { reposNamedBy, type AskedRepo, type AuditModel, type AuditReport, type HubCheck, type OnHub } from "../audit";
import type { Config } from "../config";
import { MemwellError, toMemwellError } from "../errors";
import { hashFile, listRepo, type RepoFile, type RepoListing } from "../hub";

export interface CheckHubOptions {
  signal?: AbortSignal | undefined;
  /** Told which repository is asked for. */
  onRepo?: ((repo: string) => void) | undefined;
}

/**
 * Asks the Hub which models of an audited folder it has under the same hashes, in the repositories that the models name.
 * Files are hashed only where the Hub lists one of the same size.
 *
 * @throws MemwellError `hub_offline`, `aborted`; what is wrong with one repository is told of it alone
 */
export async function checkHub(config: Config, report: AuditReport, options: CheckHubOptions = {}): Promise<HubCheck> {
  const asking = new Asking(config, report.folder, options);
  const models = new Map<string, OnHub | null>();
  for (const model of report.models) {
    const onHub = await asking.about(model);
    if (onHub !== undefined) models.set(model.path, onHub);
  }
  return { asked: asking.asked, models };
}

class Asking {
  readonly asked: AskedRepo[] = [];
  readonly #listings = new Map<string, RepoListing | null>();
  readonly #hashes = new Map<string, string | null>();

  constructor(
    private readonly config: Config,
    private readonly folder: string,
    private readonly options: CheckHubOptions,
  ) {}

  /** Which files of a model are there, in the repository that has the most; undefined when none could be asked. */
  async about(model: AuditModel): Promise<OnHub | null | undefined> {
    let best: OnHub | null | undefined;
    for (const repo of reposNamedBy(model)) {
      const listing = await this.#listing(repo);
      if (listing === null) continue;
      const files = await this.#filesOf(model, listing);
      best ??= null;
      if (files.length > (best?.files.length ?? 0)) best = { repo, revision: listing.commit_hash, files };
    }
    return best;
  }

  async #listing(repo: string): Promise<RepoListing | null> {
    const known = this.#listings.get(repo);
    if (known !== undefined) return known;
    this.options.onRepo?.(repo);
    const { signal } = this.options;
    let error: string | null = null;
    const listing = await listRepo(this.config.hub, { repo_type: "model", repo_id: repo }, "main", { signal }).catch(
      (thrown: unknown) => {
        const failed = toMemwellError(thrown);
        if (failed.code === "aborted" || failed.code === "hub_offline") throw failed;
        error = failed.message;
        return null;
      },
    );
    this.asked.push({ repo, error });
    this.#listings.set(repo, listing);
    return listing;
  }

  async #filesOf({ files }: AuditModel, listing: RepoListing): Promise<OnHub["files"]> {
    const found: OnHub["files"] = [];
    for (const { path, apparent_size: size } of files) {
      const sameSize = listing.files.filter((file) => file.size === size);
      const same = await this.#fileLike(path, sameSize);
      if (same === null) continue;
      const sha256 = same.lfs ? same.etag : await this.#hash(path, "sha256");
      if (sha256 !== null) found.push({ path, file: same.path, sha256, size });
    }
    return found;
  }

  /** The one with the same bytes, by preference of the same name. */
  async #fileLike(path: string, sameSize: readonly RepoFile[]): Promise<RepoFile | null> {
    const sorted = [...sameSize].sort((left, right) => Number(isNamed(right, path)) - Number(isNamed(left, path)));
    for (const file of sorted)
      if ((await this.#hash(path, file.lfs ? "sha256" : "git-sha1")) === file.etag) return file;
    return null;
  }

  /** Null for what cannot be read. */
  async #hash(path: string, kind: "sha256" | "git-sha1"): Promise<string | null> {
    const key = `${kind} ${path}`;
    const known = this.#hashes.get(key);
    if (known !== undefined) return known;
    const { signal } = this.options;
    const hash = await hashFile(join(this.folder, path), kind, { signal }).catch((thrown: unknown) => {
      if (thrown instanceof MemwellError) throw thrown;
      return null;
    });
    this.#hashes.set(key, hash);
    return hash;
  }
}

function isNamed(file: RepoFile, path: string): boolean {
  return basename(file.path) === basename(path);
}
