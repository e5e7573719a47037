import type { Config } from "../config";
import type { ContextSettings } from "../engine";
import type { DemoModels } from "./demo-models";
import { forecastModel } from "./model-forecast";
import type { ModelFiles } from "./model-files";
import { type FetchOptions } from "./model-files";
import { contextsAt, referenceOf, type RegisteredModel } from "./model-registry";
import type { FetchEvent, LocatedModel, Sizing } from "./model-source";
import { adaptersOf, fileBytes } from "./opened-model";

/** What a base model's process is loaded from. */
export interface BaseFiles {
  path: string;
  contexts: ContextSettings[];
  /** Every file, those of adapters included. */
  paths: string[];
  /** The repositories of the Hub that they are from, such as `model/ORG/NAME`. */
  repos: string[];
}

/** The files of the registered models, by the `path` of their base. */
export class RegisteredFiles {
  constructor(
    private readonly config: Config,
    private readonly registered: readonly RegisteredModel[],
    private readonly files: ModelFiles,
    private readonly demoModels: DemoModels,
    /** Bytes of memory that one model may take alone. */
    private readonly roomBytes: () => number,
  ) {}

  /**
   * The base with its adapters, made or downloaded if need be.
   *
   * @throws MemwellError whatever keeps one of them from being had.
   */
  async ensure(base: string, options: FetchOptions = {}): Promise<BaseFiles> {
    if (this.registered.some(({ path, source }) => path === base && source === "demo"))
      await this.demoModels.ensure(base);
    const contexts: ContextSettings[] = [];
    const adapters: LocatedModel[] = [];
    for (const { name, adapter } of contextsAt(base, this.registered)) {
      const located =
        adapter === null ? null : await this.files.ensure(adapter.path, referenceOf(adapter.path), null, options);
      contexts.push({
        name,
        adapter: located === null || adapter === null ? null : { ...adapter, path: located.path },
      });
      if (located !== null) adapters.push(located);
    }
    const model = await this.files.ensure(base, referenceOf(base), this.sizing(contexts), options);
    const all = [model, ...adapters];
    const repos = all.flatMap(({ repo }) => (repo === null ? [] : [`${repo.repo_type}/${repo.repo_id}`]));
    return { path: model.path, contexts, paths: all.flatMap(({ paths }) => paths), repos };
  }

  /** Bytes of the base's files; null while they are not there. */
  bytesOf(base: string): number | null {
    const paths = this.files.located(base)?.paths ?? (referenceOf(base).type === "path" ? [base] : []);
    const sizes = paths.map(fileBytes);
    return sizes.length === 0 || sizes.includes(null)
      ? null
      : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  }

  /** How far the download of the base is; null when none runs. */
  progress(base: string): FetchEvent | null {
    return this.files.progress(base);
  }

  private sizing(contexts: ContextSettings[]): Sizing {
    const { config } = this;
    return {
      memoryBytes: this.roomBytes,
      footprintOf: (path, model) =>
        forecastModel({ config, path, contexts, adapters: adaptersOf(contexts), model }).forecast.total,
    };
  }
}
