import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../config";
import { watchWork } from "../watch-work";
import type {
  ApplyProgress,
  AuditEntry,
  AuditProgress,
  FolderView,
  RestoreProgress,
  StorageApplied,
  StorageChoice,
  StorageEmptied,
  StorageEvents,
  StorageFolder,
  StoragePlan,
  StorageReport,
  StorageRestored,
  StorageResumed,
  StorageTrash,
  StorageWork,
} from "./contract";
import { auditableFolders, findAuditable, type Auditable } from "./auditable";
import { readKeptEntry } from "./kept-audits";
import { busy, CLOSE_WITHIN_MS, type Run, type Running } from "./running";
import { StorageThread } from "./thread";

/**
 * The folders that the settings name: audited, planned, cleaned. One piece of work goes on at a time; it goes on when
 * nobody listens, until its end or `cancel`. Every call with a folder's name throws `not_found` for one that is not named
 * in the settings.
 */
export class RuntimeStorage {
  readonly #thread: StorageThread;
  readonly #keptIn: string;
  readonly #folders: readonly Auditable[];
  /** Folders that were changed since their audit. */
  readonly #changed = new Set<string>();
  #running: Running | null = null;

  /** @param script the built thread */
  constructor(
    private readonly config: Config,
    script: string,
  ) {
    this.#keptIn = join(config.dataDir, "storage");
    this.#thread = new StorageThread(script, this.#keptIn);
    this.#folders = auditableFolders(config.auditDirs);
  }

  /** Which folders may be asked about, and what is known of each. */
  folders(): StorageFolder[] {
    return this.#folders.map((folder) => ({
      ...folder,
      is_there: existsSync(folder.path),
      audit: readKeptEntry(this.#keptIn, folder.path),
      is_changed: this.#changed.has(folder.path),
      running: this.#runningIn(folder),
    }));
  }

  /** Audits a folder; what it says is kept until the next audit. @throws MemwellError `conflict`, and as `auditFolder` */
  watchAudit(name: string): StorageEvents<AuditProgress, { audit: AuditEntry }> {
    return watchWork(async (onProgress: (progress: AuditProgress) => void) => {
      const audit = await this.#work(name, "audit", (folder, signal) =>
        this.#thread.ask<"audit">(
          { kind: "audit", folder },
          {
            signal,
            onProgress: (progress) => {
              if (this.#running !== null) this.#running.progress = progress;
              onProgress(progress);
            },
          },
        ),
      );
      this.#changed.delete(this.#find(name).path);
      return { audit };
    });
  }

  /** The last audit. @throws MemwellError `not_found` when there is none */
  report(name: string): Promise<StorageReport> {
    return this.#ask(name, (folder) => this.#thread.ask<"report">({ kind: "report", folder }));
  }

  /** A folder of the last audit. @param path from the audited folder on. @throws MemwellError `not_found` */
  folder(name: string, path: string): Promise<FolderView> {
    return this.#ask(name, (folder) => this.#thread.ask<"view">({ kind: "view", folder, path }));
  }

  /** What could be done about what the last audit found. @throws MemwellError `not_found`, and for the folder's rules */
  plan(name: string): Promise<StoragePlan> {
    return this.#ask(name, (folder) => this.#thread.ask<"plan">({ kind: "plan", folder, config: this.config }));
  }

  /** What would be done now; nothing is. @throws MemwellError `plan_stale`, `not_found` */
  dryRun(name: string, choice: StorageChoice): Promise<StorageApplied> {
    const { config } = this;
    return this.#ask(name, (folder) => this.#thread.ask<"dryRun">({ kind: "dryRun", folder, choice, config }));
  }

  /** Carries out steps of a plan. @throws MemwellError `plan_stale`, `conflict`, `not_found`, `disk_full` */
  watchApply(name: string, choice: StorageChoice): StorageEvents<ApplyProgress, { applied: StorageApplied }> {
    return watchWork(async (onProgress: (progress: ApplyProgress) => void) => ({
      applied: await this.#change(name, "apply", (folder, signal) =>
        this.#thread.ask<"apply">({ kind: "apply", folder, choice, config: this.config }, { signal, onProgress }),
      ),
    }));
  }

  /** What lies in a folder's trash. */
  trash(name: string): Promise<StorageTrash> {
    return this.#ask(name, (folder) => this.#thread.ask<"trash">({ kind: "trash", folder }));
  }

  /** Puts back what an apply has moved. @throws MemwellError `not_found`, `conflict`, `disk_full` */
  watchUndo(name: string, id: string): StorageEvents<RestoreProgress, { restored: StorageRestored }> {
    return watchWork(async (onProgress: (progress: RestoreProgress) => void) => ({
      restored: await this.#change(name, "undo", (folder, signal) =>
        this.#thread.ask<"undo">({ kind: "undo", folder, id }, { signal, onProgress }),
      ),
    }));
  }

  /** Goes on with what was interrupted; null: nothing was. @throws MemwellError as `watchApply` */
  watchResume(name: string): StorageEvents<ApplyProgress, { resumed: StorageResumed | null }> {
    return watchWork(async (onProgress: (progress: ApplyProgress) => void) => ({
      resumed: await this.#change(name, "resume", (folder, signal) =>
        this.#thread.ask<"resume">({ kind: "resume", folder, config: this.config }, { signal, onProgress }),
      ),
    }));
  }

  /** Removes what lies in the trash for good. @param ids null: all. @throws MemwellError `not_found`, `conflict` */
  watchEmpty(name: string, ids: string[] | null): StorageEvents<RestoreProgress, { emptied: StorageEmptied }> {
    return watchWork(async (onProgress: (progress: RestoreProgress) => void) => ({
      emptied: await this.#work(name, "empty-trash", (folder, signal) =>
        this.#thread.ask<"empty">({ kind: "empty", folder, ids }, { signal, onProgress }),
      ),
    }));
  }

  /** Ends what goes on in a folder, between two steps. Returns whether anything did. */
  cancel(name: string): boolean {
    const { path } = this.#find(name);
    if (this.#running?.folder.path !== path) return false;
    this.#running.abort.abort();
    return true;
  }

  async close(): Promise<void> {
    const running = this.#running;
    running?.abort.abort();
    if (running !== null) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise((resolve) => (timer = setTimeout(resolve, CLOSE_WITHIN_MS)));
      await Promise.race([running.ended, late]);
      clearTimeout(timer);
    }
    await this.#thread.close();
  }

  async #change<Done>(name: string, work: StorageWork, run: Run<Done>): Promise<Done> {
    const { path } = this.#find(name);
    return this.#work(name, work, (folder, signal) => {
      this.#changed.add(path);
      return run(folder, signal);
    });
  }

  async #work<Done>(name: string, work: StorageWork, run: Run<Done>): Promise<Done> {
    const folder = this.#find(name);
    if (this.#running !== null) throw busy(this.#running);
    const abort = new AbortController();
    const done = run(folder.path, abort.signal);
    const ended = done.catch(() => {});
    this.#running = { folder, work, startedAt: Math.floor(Date.now() / 1000), progress: null, abort, ended };
    try {
      return await done;
    } finally {
      this.#running = null;
    }
  }

  async #ask<Answer>(name: string, ask: (folder: string) => Promise<Answer>): Promise<Answer> {
    return ask(this.#find(name).path);
  }

  #find(name: string): Auditable {
    return findAuditable(this.#folders, name);
  }

  #runningIn({ path }: Auditable): StorageFolder["running"] {
    if (this.#running?.folder.path !== path) return null;
    const { work, startedAt, progress } = this.#running;
    return { work, started_at: startedAt, audit: progress };
  }
}
