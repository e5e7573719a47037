import type { Config } from "../config";
import {
  checkPlanId,
  diskSpace,
  executePlan,
  parseRemoveTarget,
  planKeep,
  planPrune,
  planRemove,
  readCacheView,
  ScannerThread,
  scanCache,
  type CacheScanJson,
  type DiskSpace,
  type ExecutedPlan,
  type ExecuteOptions,
  type Plan,
  type RepoType,
  type RevisionFiles,
  type RevisionName,
} from "../hub";
import { readUses } from "./cache-uses";
import { Cleanings, watchCleaning, type CleaningEvent } from "./cleanings";
import type { RuntimeDatabase } from "./database";
import { pinsOf } from "./disk-budget";
import { reposOpenElsewhere, type RepoUse } from "./repo-use";
import { verifyCached, type CacheVerification, type VerifyOptions } from "./verify-cached";

/** What somebody asks to be removed from the cache. */
export type CacheRequest =
  /** Repositories, revisions, files or quants, as people name them. */
  | { action: "rm"; targets: string[] }
  /** What nothing names any more, and downloads that nobody goes on with. */
  | { action: "prune" }
  /** All but the models used last: so many of them, or as many as fit into `maxSize` bytes. */
  | { action: "keep"; count?: number | undefined; maxSize?: number | undefined; types?: RepoType[] | undefined };

/**
 * What is in the cache; how much room its disk has, null: the file system does not say; and which repositories other
 * processes of this machine have open.
 */
export type CacheListing = CacheScanJson & { disk: DiskSpace | null; in_use: RepoUse[] };

/** How long the thread that scans waits for the next question; what it remembers takes memory. */
const SCANNER_IDLE_MS = 120_000;

/** The Hugging Face cache of these settings: read, verified, and cleaned by plans. */
export class HubCache {
  private readonly scanner: ScannerThread;
  private readonly cleanings = new Cleanings();
  private scannerIdle: NodeJS.Timeout | undefined;
  /** Calls of the scanner that are not answered yet. */
  private listing = 0;

  /** @param scanWorker the built thread that scans */
  constructor(
    private readonly config: Config,
    private readonly database: RuntimeDatabase,
    scanWorker: string,
  ) {
    const { cacheDir, xetDir, assetsDir } = config.hub;
    this.scanner = new ScannerThread(scanWorker, cacheDir, { xetDir, assetsDir });
  }

  /**
   * What is in the cache, without single files. Read in a thread of its own, which re-reads only what has changed since the
   * last call.
   *
   * @throws MemwellError `cache_not_found`, `cache_invalid`
   */
  async list(): Promise<CacheListing> {
    const disk = diskSpace(this.config.hub.cacheDir);
    const listing = await this.asking(() => this.scanner.list());
    return { ...listing, disk: await disk, in_use: reposOpenElsewhere(this.config.hub.cacheDir) };
  }

  /**
   * The files of one revision, with their quants and with what else has the same bytes. Read as `list` is.
   *
   * @throws MemwellError as `list`, and `repo_not_found`, `revision_not_found`
   */
  files(of: RevisionName): Promise<RevisionFiles> {
    return this.asking(() => this.scanner.files(of));
  }

  private async asking<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    clearTimeout(this.scannerIdle);
    this.listing += 1;
    try {
      return await ask();
    } finally {
      this.listing -= 1;
      if (this.listing === 0) this.scannerIdle = setTimeout(() => void this.scanner.close(), SCANNER_IDLE_MS).unref();
    }
  }

  /** Ends the thread that scans, and what cleans. */
  async close(): Promise<void> {
    this.cleanings.cancelAll();
    clearTimeout(this.scannerIdle);
    await this.scanner.close();
  }

  /**
   * What a request would remove. Touches nothing.
   *
   * @throws MemwellError as `list`, and for a target that is not there
   */
  async plan(request: CacheRequest): Promise<Plan> {
    const view = await readCacheView(this.config.hub.cacheDir);
    switch (request.action) {
      case "rm":
        return planRemove(view, request.targets.map(parseRemoveTarget));
      case "prune":
        return planPrune(view, {
          now: Date.now(),
          graceMs: this.config.cacheGraceMs,
          pins: pinsOf(this.config, "revisions"),
        });
      case "keep": {
        const { count, maxSize, types } = request;
        return planKeep(view, {
          ...(count === undefined ? {} : { count }),
          ...(maxSize === undefined ? {} : { maxSize }),
          ...(types === undefined ? {} : { types }),
          lastUsed: readUses(this.database),
          pins: pinsOf(this.config),
        });
      }
    }
  }

  /**
   * Executes the plan that was shown, if the cache still is what it was made for: it is planned anew, and only the plan of
   * the same id is executed.
   *
   * @throws MemwellError `plan_stale`, and as `plan`
   */
  apply(request: CacheRequest, id: string, options: ExecuteOptions = {}): Promise<ExecutedPlan> {
    return this.cleanings.run(id, options, async (cancellable) => {
      const plan = await this.plan(request);
      checkPlanId(plan, id);
      return executePlan(plan, cancellable);
    });
  }

  /** As `apply`, told while it happens. It goes on when nobody listens any more, until its end or `cancel`. */
  watchApply(request: CacheRequest, id: string): AsyncGenerator<CleaningEvent, void, void> {
    return watchCleaning((onProgress) => this.apply(request, id, { onProgress }));
  }

  /** Ends what executes the plan of this id, between two files. Returns whether anything did. */
  cancel(id: string): boolean {
    return this.cleanings.cancel(id);
  }

  /**
   * Hashes what the cache has of a repository and compares it with the names of the blobs, and with the Hub when it can be
   * asked.
   *
   * @param target such as `ORG/NAME`, `dataset/ORG/NAME` or `ORG/NAME@REVISION`
   * @throws MemwellError `repo_not_found`, `revision_not_found`, `aborted`
   */
  async verify(target: string, options: VerifyOptions = {}): Promise<CacheVerification> {
    return verifyCached(this.config.hub, await scanCache(this.config.hub.cacheDir), target, options);
  }
}
