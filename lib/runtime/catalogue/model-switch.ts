import { formatModelReference, type Config } from "../../config";
import { MemwellError, messageOf, toMemwellError } from "../../errors";
import type { FetchEvent } from "../fetch-events";
import type { EngineLease, LeaseOptions } from "../engine-pool";
import { orAborted } from "../model-files";
import { registerModels, type ModelRole, type RegisteredModel } from "../model-registry";
import type { ModelRoster } from "../model-roster";
import type { FitReport } from "../fit";
import { keepChoices, lockedBy, ROLES, withModel } from "./choices";
import type { ModelUse, UseCall } from "./contract";
import { referenceOf, type Found, type ModelCatalogue } from "./model-catalogue";
import { doesNotFit, locked, notTwice } from "./refusals";

/** What a change of models asks of the runtime. */
export interface SwitchParts {
  /** As it is now: a change is written into it. */
  config: Config;
  roster: ModelRoster;
  catalogue: ModelCatalogue;
  fit: (reference: string) => Promise<FitReport>;
  /** Downloads what is not there yet. */
  fetch: (
    path: string,
    options: { signal: AbortSignal; onEvent: (event: FetchEvent) => void; refresh: boolean },
  ) => Promise<unknown>;
  lease: (model: RegisteredModel, options: LeaseOptions) => Promise<Pick<EngineLease, "release">>;
}

/** Changes the models that answer, one change at a time; see `ModelUse`. */
export class ModelSwitch {
  #now: ModelUse | null = null;
  #running: { done: Promise<void>; abort: AbortController } | null = null;
  #isClosed = false;
  /** Bases that could not be loaded: the next try asks the Hub whether there is something newer. */
  readonly #failed = new Set<string>();

  constructor(private readonly parts: SwitchParts) {}

  /** The change under way, or the last one. */
  get now(): ModelUse | null {
    return this.#now === null ? null : { ...this.#now };
  }

  /**
   * Begins a change, which goes on by itself.
   *
   * @throws MemwellError `model_not_found`; `conflict` while another change is under way, or where a setting names the model;
   *   `invalid_setting` for a catalogue that cannot be read
   */
  async begin({ id, role }: UseCall): Promise<ModelUse> {
    const found = await this.parts.catalogue.find(id);
    const roles = this.#rolesOf(found, role);
    if (this.#isClosed) throw closed();
    if (this.#running !== null) throw notTwice(this.#now?.name ?? "Another model");
    const use: ModelUse = {
      id,
      name: found?.name ?? "Built-in models",
      roles,
      phase: "checking",
      download: null,
      load: null,
      error: null,
      notKept: null,
    };
    const abort = new AbortController();
    this.#now = use;
    const done = this.#run(use, found, abort.signal).finally(() => (this.#running = null));
    this.#running = { done, abort };
    return { ...use };
  }

  /** Ends the change under way. Resolves to how it ended: one that was done before is not undone. */
  async cancel(): Promise<ModelUse | null> {
    this.#running?.abort.abort();
    await this.#running?.done;
    return this.now;
  }

  /** Resolves when no change is under way any more. */
  async ended(): Promise<ModelUse | null> {
    await this.#running?.done;
    return this.now;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.cancel();
  }

  /** Never throws: how it ended stands in `use`. */
  async #run(use: ModelUse, found: Found, signal: AbortSignal): Promise<void> {
    try {
      if (found !== null) await this.#obtain(use, found, signal);
      await this.#exchange(use, found, signal);
    } catch (thrown) {
      const error = toMemwellError(thrown);
      use.phase = signal.aborted ? "cancelled" : "failed";
      use.error = signal.aborted ? null : this.#explained(error, use.roles).toRecord();
    } finally {
      use.download = null;
      use.load = null;
    }
  }

  /** Sees to it that the files are there, unless the model could not be loaded from them anyway. */
  async #obtain(use: ModelUse, found: NonNullable<Found>, signal: AbortSignal): Promise<void> {
    const { catalogue, fit, fetch } = this.parts;
    const path = formatModelReference(referenceOf(found));
    const report = await orAborted(fit(path), signal);
    catalogue.forecasts.learn(path, report);
    if (!report.fits) throw doesNotFit(found.name, report);
    use.phase = "downloading";
    const onEvent = (event: FetchEvent): void => void (use.download = event);
    await fetch(path, { signal, onEvent, refresh: this.#failed.has(path) });
  }

  /** Loads the model, and only then lets it answer. */
  async #exchange(use: ModelUse, found: Found, signal: AbortSignal): Promise<void> {
    const { config, roster, lease } = this.parts;
    const choice = withModel(config, use.roles, found === null ? null : referenceOf(found));
    const next = registerModels({ ...config, ...choice });
    const trial = roster.try(next);
    use.phase = "loading";
    use.download = null;
    try {
      for (const model of next.filter(({ roles }) => roles.some((role) => use.roles.includes(role)))) {
        const loaded = await this.#load(model, use, lease, signal);
        loaded.release();
      }
      if (signal.aborted) throw new MemwellError("aborted", "The change was cancelled.");
      Object.assign(config, choice);
      roster.replace(next);
    } finally {
      trial.release();
    }
    use.notKept = await keepChoices(config).then(
      () => null,
      (thrown: unknown) => `It is forgotten with the next start: ${messageOf(thrown)}.`,
    );
    use.phase = "done";
  }

  async #load(model: RegisteredModel, use: ModelUse, lease: SwitchParts["lease"], signal: AbortSignal) {
    try {
      const loaded = await lease(model, { signal, onProgress: (progress) => void (use.load = progress) });
      this.#failed.delete(model.path);
      return loaded;
    } catch (thrown) {
      if (!signal.aborted) this.#failed.add(model.path);
      throw thrown;
    }
  }

  /** @throws MemwellError `conflict` where a setting keeps the model of a role */
  #rolesOf(found: Found, asked: ModelRole | undefined): ModelRole[] {
    const { config } = this.parts;
    const wanted = asked === undefined ? (found?.roles ?? [...ROLES]) : [asked];
    const roles = wanted.filter((role) => lockedBy(config, role) === null);
    if (roles.length > 0) return roles;
    throw locked(wanted.map((role) => lockedBy(config, role) ?? ""));
  }

  #explained(error: MemwellError, roles: readonly ModelRole[]): MemwellError {
    const answering = this.parts.roster.active.filter((model) => model.roles.some((role) => roles.includes(role)));
    const names = answering.map(({ id }) => id);
    const verb = names.length === 1 ? "goes" : "go";
    return new MemwellError(
      error.code,
      `${error.message} Nothing was changed: ${names.join(" and ")} ${verb} on answering.`,
      {
        ...error.fields,
        answering: names,
      },
    );
  }
}

function closed(): MemwellError {
  return new MemwellError("engine_closed", "Memwell is shutting down. Ask again once it has started anew.");
}
