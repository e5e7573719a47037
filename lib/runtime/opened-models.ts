import type { Config } from "../config";
import type { ChildSource } from "../engine";
import type { ErrorRecord } from "../errors";
import { MeasurementStore } from "../residency";
import { holdFiles } from "./hold-files";
import type { FetchOptions } from "./model-files";
import { OpenedModel } from "./opened-model";
import type { LocatedModel } from "./model-source";
import { repoOf, type BaseFiles, type RegisteredFiles } from "./registered-files";

/** An engine with the files it loads. */
interface Entry {
  model: OpenedModel;
  files: BaseFiles;
}

/** The engines there are, by the `path` of their base; each is made when it is first asked for. */
export class OpenedModels {
  private readonly opening = new Map<string, Promise<Entry>>();
  private readonly opened = new Map<string, Entry>();
  /** Lets go of the files of a process: those it was loaded from, and each adapter that came later. */
  private readonly holds = new Map<string, Map<string, () => void>>();
  private readonly exitListeners = new Set<(base: string, error: ErrorRecord) => void>();
  private measurements: Promise<MeasurementStore> | null = null;

  constructor(
    private readonly config: Config,
    private readonly source: ChildSource,
    private readonly files: RegisteredFiles,
    /** Told of each repository of the Hub that a model is loaded from, such as `model/ORG/NAME`. */
    private readonly onUse: (repo: string) => void,
  ) {}

  get(base: string): OpenedModel | undefined {
    return this.opened.get(base)?.model;
  }

  entries(): [base: string, model: OpenedModel][] {
    return [...this.opened].map(([base, { model }]) => [base, model]);
  }

  /**
   * Sees to it that the files are there, unless a process has them in memory already. A model of the Hub that was removed
   * from the cache and came back elsewhere, at another commit, is opened anew.
   *
   * @throws MemwellError whatever keeps them from being had
   */
  async ensureFiles(base: string, options: FetchOptions): Promise<void> {
    if (this.hasProcess(base)) return;
    const { paths } = await this.files.ensure(base, options);
    const entry = this.opened.get(base);
    const isSame = entry?.files.paths.join("\n") === paths.join("\n");
    if (entry === undefined || isSame || this.hasProcess(base)) return;
    this.opening.delete(base);
    this.opened.delete(base);
  }

  /** @throws MemwellError what is wrong with the files. */
  async open(base: string): Promise<OpenedModel> {
    const opening = this.opening.get(base) ?? this.openNow(base);
    this.opening.set(base, opening);
    try {
      return (await opening).model;
    } catch (thrown) {
      // A file that was missing may be there at the next request.
      if (this.opening.get(base) === opening) this.opening.delete(base);
      throw thrown;
    }
  }

  /** Marks the files as in use by a process, until `letGo` or its end. @throws MemwellError `cache_in_use` */
  async hold(base: string): Promise<void> {
    const files = this.opened.get(base)?.files;
    if (files === undefined || this.holds.has(base)) return;
    const release = await holdFiles(files.paths);
    this.holds.set(base, new Map([[base, release]]));
    for (const repo of files.repos) this.onUse(repo);
  }

  /** The same for an adapter that a running process is to read. @throws MemwellError `cache_in_use` */
  async holdAlso(base: string, adapter: LocatedModel): Promise<void> {
    if (this.holds.get(base)?.has(adapter.path) === true) return;
    const release = await holdFiles(adapter.paths);
    const held = this.holds.get(base);
    // Its process may have ended meanwhile, and another request may have been quicker.
    if (held === undefined || held.has(adapter.path)) return release();
    held.set(adapter.path, release);
    for (const repo of repoOf(adapter)) this.onUse(repo);
  }

  letGo(base: string): void {
    for (const release of this.holds.get(base)?.values() ?? []) release();
    this.holds.delete(base);
  }

  /** @returns what to call to hear no more of processes that end by themselves. */
  onUnexpectedExit(listener: (base: string, error: ErrorRecord) => void): () => void {
    this.exitListeners.add(listener);
    return () => this.exitListeners.delete(listener);
  }

  async close(): Promise<void> {
    await Promise.all([...this.opened.values()].map(({ model }) => model.engine.close()));
    for (const base of [...this.holds.keys()]) this.letGo(base);
  }

  private hasProcess(base: string): boolean {
    const pid = this.opened.get(base)?.model.engine.pid ?? null;
    return pid !== null;
  }

  private async openNow(base: string): Promise<Entry> {
    const files = await this.files.ensure(base);
    this.measurements ??= MeasurementStore.open(this.config.dataDir);
    const model = await OpenedModel.open({
      config: this.config,
      path: files.path,
      contexts: files.contexts,
      source: this.source,
      measurements: await this.measurements,
      onUnexpectedExit: (error) => {
        this.letGo(base);
        for (const listener of this.exitListeners) listener(base, error);
      },
    });
    const entry = { model, files };
    this.opened.set(base, entry);
    return entry;
  }
}
