import { randomUUID } from "node:crypto";
import { auditFolder, costOf, type AuditPlan } from "../../audit";
import type { Config } from "../../config";
import { MemwellError, messageOf } from "../../errors";
import {
  applyStorage,
  dryRunStorage,
  emptyStorageTrash,
  listStorageTrash,
  resumeStorage,
  undoStorage,
  type StorageOptions,
} from "../apply-storage";
import { planStorage, storageProfiles } from "../plan-storage";
import { ApplyCounter } from "./apply-progress";
import { appliedView, emptiedView, restoredView, resumedView, trashView } from "./apply-view";
import type { AuditEntry, StorageChoice, StoragePlan } from "./contract";
import { FolderViews } from "./folder-view";
import { keepAudit, readKeptAudit, readKeptEntry, type KeptAudit } from "./kept-audits";
import { planView, reportView } from "./report-view";
import type { StorageTask } from "./tasks";

export interface Answering {
  signal: AbortSignal;
  /** @param isLast tells it even if another was told just before */
  onProgress: (progress: object, isLast?: boolean) => void;
}

interface Remembered extends KeptAudit {
  folder: string;
  views: FolderViews | null;
}

/** Answers the tasks of a `StorageThread`. One report is in memory, that of the folder which was asked about last. */
export class StorageWorker {
  #remembered: Remembered | null = null;

  constructor(readonly keptIn: string) {}

  /** @throws MemwellError */
  async answer(task: StorageTask, answering: Answering): Promise<unknown> {
    const { folder } = task;
    switch (task.kind) {
      case "audit":
        return this.#audit(folder, answering);
      case "report": {
        const { entry, report } = this.#recall(folder);
        return reportView(entry, report);
      }
      case "view":
        return this.#views(folder).view(task.path);
      case "plan":
        return this.#planView(task);
      case "dryRun":
        return this.#dryRun(task);
      case "apply":
        return this.#apply(task, answering);
      case "trash":
        return trashView(listStorageTrash(folder));
      case "undo":
        return this.#undo(task, answering);
      case "resume":
        return this.#resume(task, answering);
      case "empty":
        return this.#empty(task, answering);
    }
  }

  async #audit(folder: string, { signal, onProgress }: Answering): Promise<AuditEntry> {
    const begun = performance.now();
    // What is known of before is not needed any more, and both at once may be too much.
    this.#remembered = null;
    const report = await auditFolder(folder, { signal, onProgress });
    const { apparent_size, size_on_disk, nb_files } = report.total;
    const entry: AuditEntry = {
      id: randomUUID(),
      audited_at: Math.floor(Date.now() / 1000),
      took_ms: Math.round(performance.now() - begun),
      total: { apparent_size, size_on_disk, nb_files },
    };
    this.#remembered = { folder, entry, report, views: null };
    try {
      keepAudit(this.keptIn, folder, { entry, report });
    } catch (thrown) {
      const message = `The audit could not be kept in ${this.keptIn}: ${messageOf(thrown)}. Make room there, or set MEMWELL_DATA_DIR.`;
      throw new MemwellError("disk_full", message, { path: this.keptIn }, { cause: thrown });
    }
    return entry;
  }

  #recall(folder: string): Remembered {
    const entry = readKeptEntry(this.keptIn, folder);
    if (entry !== null && this.#remembered?.folder === folder && this.#remembered.entry.id === entry.id)
      return this.#remembered;
    this.#remembered = null;
    const kept = readKeptAudit(this.keptIn, folder);
    if (kept === null) throw new MemwellError("not_found", "This folder has not been audited yet: audit it first.");
    return (this.#remembered = { folder, ...kept, views: null });
  }

  #views(folder: string): FolderViews {
    const remembered = this.#recall(folder);
    return (remembered.views ??= new FolderViews(remembered.entry.id, remembered.report));
  }

  #planView({ folder, config }: StorageTask<"plan">): StoragePlan {
    const { entry, report } = this.#recall(folder);
    const plan = this.#plan(folder, config);
    return planView(entry.id, plan, { cost: costOf(plan), profiles: storageProfiles(config, report) });
  }

  #plan(folder: string, config: Config): AuditPlan {
    return planStorage(config, this.#recall(folder).report);
  }

  /** @throws MemwellError `plan_stale` */
  #chosenPlan({ folder, config, choice }: { folder: string; config: Config; choice: StorageChoice }): AuditPlan {
    const plan = this.#plan(folder, config);
    if (plan.id === choice.plan) return plan;
    const message = "The plan has changed since it was shown, and nothing was done: look at the plan as it is now.";
    throw new MemwellError("plan_stale", message, { plan: plan.id });
  }

  async #dryRun(task: StorageTask<"dryRun">): Promise<unknown> {
    const plan = this.#chosenPlan(task);
    return appliedView(await dryRunStorage(task.config, plan, optionsOf(plan, task.choice)));
  }

  async #apply(task: StorageTask<"apply">, { signal, onProgress }: Answering): Promise<unknown> {
    const counter = new ApplyCounter();
    const onEvent = (event: Parameters<ApplyCounter["count"]>[0]): void =>
      onProgress(counter.count(event), event.type === "apply-started");
    const plan = this.#chosenPlan(task);
    const options = { ...optionsOf(plan, task.choice), signal, onEvent };
    return appliedView(await applyStorage(task.config, plan, options));
  }

  async #undo({ folder, id }: StorageTask<"undo">, { signal, onProgress }: Answering): Promise<unknown> {
    const onEvent = ({ nb_done, nb_all }: { nb_done: number; nb_all: number }): void => onProgress({ nb_done, nb_all });
    return restoredView(await undoStorage(folder, id, { signal, onEvent }));
  }

  async #resume({ folder, config }: StorageTask<"resume">, { signal, onProgress }: Answering): Promise<unknown> {
    const counter = new ApplyCounter();
    const onEvent = (event: Parameters<ApplyCounter["count"]>[0]): void => onProgress(counter.count(event));
    const resumed = await resumeStorage(config, folder, { signal, onEvent });
    return resumed === null ? null : resumedView(resumed);
  }

  async #empty({ folder, ids }: StorageTask<"empty">, { signal, onProgress }: Answering): Promise<unknown> {
    const onEvent = ({ nb_files }: { nb_files: number }): void => onProgress({ nb_done: nb_files, nb_all: null });
    return emptiedView(await emptyStorageTrash(folder, { ids: ids ?? undefined, signal, onEvent }));
  }
}

/** The steps that are chosen, by their ids: those of whole phases, and others. */
function optionsOf(plan: AuditPlan, { phases, steps, publishTo }: StorageChoice): StorageOptions {
  if (phases === undefined && steps === undefined) return { publishTo };
  const ofPhases = plan.phases.filter(({ phase }) => phases?.includes(phase));
  const ids = ofPhases.flatMap((phase) => phase.steps.map(({ id }) => id));
  return { publishTo, steps: [...new Set([...ids, ...(steps ?? [])])] };
}
