import type { Config } from "../config";
import type { ChildSource } from "../engine";
import { MeasurementStore } from "../residency";
import { holdFiles, type FetchOptions } from "./model-files";
import { OpenedModel } from "./opened-model";
import type { RegisteredFiles } from "./registered-files";

/** The engines there are, by the `path` of their base; each is made when it is first asked for. */
export class OpenedModels {
  private readonly opening = new Map<string, Promise<OpenedModel>>();
  private readonly opened = new Map<string, OpenedModel>();
  /** Lets go of the files of a process. */
  private readonly holds = new Map<string, () => void>();
  private readonly exitListeners = new Set<(base: string) => void>();
  private measurements: Promise<MeasurementStore> | null = null;

  constructor(
    private readonly config: Config,
    private readonly source: ChildSource,
    private readonly files: RegisteredFiles,
    /** Told of each repository of the Hub that a model is loaded from, such as `model/ORG/NAME`. */
    private readonly onUse: (repo: string) => void,
  ) {}

  get(base: string): OpenedModel | undefined {
    return this.opened.get(base);
  }

  entries(): [base: string, model: OpenedModel][] {
    return [...this.opened];
  }

  /**
   * Sees to it that the files are there. A model of the Hub that was removed from the cache and came back elsewhere, at
   * another commit, is opened anew.
   */
  async ensureFiles(base: string, options: FetchOptions): Promise<void> {
    const { path } = await this.files.ensure(base, options);
    const opened = this.opened.get(base);
    if (opened !== undefined && opened.path !== path && opened.engine.pid === null) this.forget(base);
  }

  /** @throws MemwellError what is wrong with the files. */
  open(base: string): Promise<OpenedModel> {
    const known = this.opening.get(base);
    if (known !== undefined) return known;
    const opening = this.openNow(base);
    this.opening.set(base, opening);
    // A file that was missing may be there at the next request.
    opening.catch(() => this.opening.delete(base));
    return opening;
  }

  /** Marks the files as in use by a process, until `letGo` or its end. */
  async hold(base: string): Promise<void> {
    if (this.holds.has(base)) return;
    const { paths, repos } = await this.files.ensure(base);
    for (const repo of repos) this.onUse(repo);
    const inCache = paths.filter((path) => path.startsWith(this.config.hub.cacheDir));
    this.holds.set(base, holdFiles(inCache));
  }

  letGo(base: string): void {
    this.holds.get(base)?.();
    this.holds.delete(base);
  }

  /** @returns what to call to hear no more of processes that end by themselves. */
  onUnexpectedExit(listener: (base: string) => void): () => void {
    this.exitListeners.add(listener);
    return () => this.exitListeners.delete(listener);
  }

  async close(): Promise<void> {
    await Promise.all([...this.opened.values()].map(({ engine }) => engine.close()));
    for (const base of [...this.holds.keys()]) this.letGo(base);
  }

  private forget(base: string): void {
    this.opening.delete(base);
    this.opened.delete(base);
  }

  private async openNow(base: string): Promise<OpenedModel> {
    const { path, contexts } = await this.files.ensure(base);
    this.measurements ??= MeasurementStore.open(this.config.dataDir);
    const opened = await OpenedModel.open({
      config: this.config,
      path,
      contexts,
      source: this.source,
      measurements: await this.measurements,
      onUnexpectedExit: () => {
        this.letGo(base);
        for (const listener of this.exitListeners) listener(base);
      },
    });
    this.opened.set(base, opened);
    return opened;
  }
}
