import type { Config } from "../config";
import type { ContextSettings } from "../engine";
import type { DemoModels } from "./demo-models";
import type { FetchEvent } from "./fetch-events";
import type { FetchOptions, ModelFiles } from "./model-files";
import { contextOf, contextsAt, domainAdaptersAt, referenceOf, type RegisteredModel } from "./model-registry";
import { locateModel, type LocatedModel, type Wanted } from "./model-source";
import { fileBytes } from "./opened-model";
import { sizingFor } from "./sizing";

/** What a base model's process is loaded from. */
export interface BaseFiles {
  path: string;
  contexts: ContextSettings[];
  /** Every file, those of adapters included. */
  paths: string[];
  /** The repositories of the Hub that they are from, such as `model/ORG/NAME`. */
  repos: string[];
}

/** A context with the adapter's file that it is made with; null for the base alone. */
export interface LocatedContext {
  context: ContextSettings;
  files: LocatedModel | null;
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
    const voices: LocatedContext[] = [];
    for (const context of contextsAt(base, this.registered)) voices.push(await this.locate(context, options));
    const contexts = voices.map(({ context }) => context);
    const located = voices.flatMap(({ files }) => files ?? []);
    const model = await this.files.ensure(base, this.wanted(base, contexts), options);
    const all = [model, ...located];
    return { path: model.path, contexts, paths: all.flatMap(({ paths }) => paths), repos: all.flatMap(repoOf) };
  }

  /** Downloads the base alone, for one caller who can end it. @throws MemwellError as `ModelFiles.fetch` */
  fetch(base: string, options: Parameters<ModelFiles["fetch"]>[2]): Promise<LocatedModel> {
    return this.files.fetch(base, this.wanted(base, contextsAt(base, this.registered)), options);
  }

  /** The context that this model is, its adapter downloaded if need be. @throws MemwellError as `ensure` */
  contextOf(model: RegisteredModel, options: FetchOptions = {}): Promise<LocatedContext> {
    return this.locate(contextOf(model), options);
  }

  /** Whether nothing has to be asked of the Hub for it. A path counts as here: loading says best what is wrong with it. */
  async areHere(model: RegisteredModel): Promise<boolean> {
    const contexts = [contextOf(model), ...contextsAt(model.path, this.registered)];
    const adapters = contexts.flatMap(({ adapter }) => (adapter === null ? [] : [this.wantedAdapter(adapter.path)]));
    for (const wanted of [this.wanted(model.path, contexts), ...adapters])
      if ((await locateModel(this.config, wanted).catch(() => null)) === null) return false;
    return true;
  }

  /** The adapters of this base's domains that are on this disk. */
  domainAdapters(base: string): { path: string; fileBytes: number }[] {
    return domainAdaptersAt(base, this.registered).flatMap((adapter) => {
      const reference = referenceOf(adapter);
      const path = this.files.located(adapter)?.path ?? (reference.type === "path" ? reference.path : null);
      const bytes = path === null ? null : fileBytes(path);
      return path === null || bytes === null ? [] : [{ path, fileBytes: bytes }];
    });
  }

  /** Bytes of the base's files; null while they are not there. */
  bytesOf(base: string): number | null {
    const paths = this.files.located(base)?.paths ?? (referenceOf(base).type === "path" ? [base] : []);
    const sizes = paths.map(fileBytes);
    if (sizes.length === 0 || sizes.includes(null)) return null;
    return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  }

  /** How far the download is that the model waits for, its own or an adapter's; null when none runs. */
  progress(model: RegisteredModel): FetchEvent | null {
    const base = model.path;
    const contexts = [contextOf(model), ...contextsAt(base, this.registered)];
    const adapters = contexts.flatMap(({ adapter }) => adapter?.path ?? []);
    return [...adapters, base].map((key) => this.files.progress(key)).find((event) => event !== null) ?? null;
  }

  private wanted(base: string, contexts: ContextSettings[]): Wanted {
    return { reference: referenceOf(base), kind: "model", sizing: sizingFor(this.config, contexts, this.roomBytes) };
  }

  private wantedAdapter(path: string): Wanted {
    return { reference: referenceOf(path), kind: "adapter", sizing: null };
  }

  private async locate(context: ContextSettings, options: FetchOptions): Promise<LocatedContext> {
    const { adapter } = context;
    if (adapter === null) return { context, files: null };
    const files = await this.files.ensure(adapter.path, this.wantedAdapter(adapter.path), options);
    return { context: { ...context, adapter: { ...adapter, path: files.path } }, files };
  }
}

/** Such as `model/ORG/NAME`; none of a file that is no repository's. */
export function repoOf({ repo }: LocatedModel): string[] {
  return repo === null ? [] : [`${repo.repo_type}/${repo.repo_id}`];
}
