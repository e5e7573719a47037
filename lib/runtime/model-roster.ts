import type { RegisteredModel } from "./model-registry";

/** The models as they were when somebody began, until `release`. */
export interface RosterUse {
  models: readonly RegisteredModel[];
  release: () => void;
}

/**
 * The models that answer, which can be exchanged for others while turns are under way: each of those ends with the models it
 * began with.
 */
export class ModelRoster {
  /**
   * Those that answer, and behind them those that earlier turns or a trial still need. One list for as long as this roster
   * lives: whoever holds it sees every change.
   */
  readonly all: RegisteredModel[];
  #active: readonly RegisteredModel[];
  /** Lists of which not everybody has let go. */
  readonly #uses = new Map<readonly RegisteredModel[], number>();

  /** @param onGone told of each model that nobody needs any more */
  constructor(
    models: readonly RegisteredModel[],
    private readonly onGone: (model: RegisteredModel) => void,
  ) {
    this.#active = [...models];
    this.all = [...models];
  }

  /** Those that answer what is asked now. */
  get active(): readonly RegisteredModel[] {
    return this.#active;
  }

  /** Holds the models that answer now. */
  use(): RosterUse {
    return this.#hold(this.#active);
  }

  /** Makes other models known before they answer; `release` is called once that is tried. */
  try(models: readonly RegisteredModel[]): RosterUse {
    return this.#hold([...models]);
  }

  /** From now on these answer. */
  replace(models: readonly RegisteredModel[]): void {
    this.#active = [...models];
    this.#settle();
  }

  #hold(models: readonly RegisteredModel[]): RosterUse {
    this.#uses.set(models, (this.#uses.get(models) ?? 0) + 1);
    this.#settle();
    let isHeld = true;
    const release = (): void => {
      if (!isHeld) return;
      isHeld = false;
      const left = (this.#uses.get(models) ?? 1) - 1;
      if (left > 0) this.#uses.set(models, left);
      else this.#uses.delete(models);
      this.#settle();
    };
    return { models, release };
  }

  #settle(): void {
    const before = [...this.all];
    const needed: RegisteredModel[] = [];
    for (const model of [...this.#active, ...[...this.#uses.keys()].flat()])
      if (!needed.some((other) => isSame(other, model))) needed.push(model);
    this.all.splice(0, this.all.length, ...needed);
    for (const model of before) if (!needed.some(({ path }) => path === model.path)) this.onGone(model);
  }
}

/** The same weights with the same adapter: in another role, or by another id. */
function isSame(one: RegisteredModel, other: RegisteredModel): boolean {
  return one.path === other.path && one.adapterPath === other.adapterPath && one.domain === other.domain;
}
