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
   * Those that answer, and behind them those that earlier turns or a trial still need, or that are about to leave memory. One
   * list for as long as this roster lives: whoever holds it sees every change.
   */
  readonly all: RegisteredModel[];
  #active: readonly RegisteredModel[];
  #needed: readonly RegisteredModel[];
  /** Until they are out of memory: what happens to them by then is told by their ids. */
  readonly #leaving = new Set<RegisteredModel>();
  /** Lists of which not everybody has let go. */
  readonly #uses = new Map<readonly RegisteredModel[], number>();

  /** @param onGone told of each model that nobody needs any more; resolves when it has left */
  constructor(
    models: readonly RegisteredModel[],
    private readonly onGone: (model: RegisteredModel) => Promise<unknown>,
  ) {
    this.#active = [...models];
    this.#needed = [...models];
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
    const before = this.#needed;
    const needed: RegisteredModel[] = [];
    for (const model of [...this.#active, ...[...this.#uses.keys()].flat()])
      if (!needed.some((other) => isSame(other, model))) needed.push(model);
    this.#needed = needed;
    const gone = before.filter((model) => !this.#isNeeded(model));
    for (const model of gone) this.#leaving.add(model);
    this.#list();
    for (const model of gone) this.#leave(model);
  }

  #leave(model: RegisteredModel): void {
    const end = (): void => {
      this.#leaving.delete(model);
      this.#list();
    };
    this.onGone(model).then(end, end);
  }

  #list(): void {
    const leaving = [...this.#leaving].filter((model) => !this.#isNeeded(model));
    this.all.splice(0, this.all.length, ...this.#needed, ...leaving);
  }

  #isNeeded({ path }: RegisteredModel): boolean {
    return this.#needed.some((other) => other.path === path);
  }
}

/** The same weights with the same adapter: in another role, or by another id. */
function isSame(one: RegisteredModel, other: RegisteredModel): boolean {
  return one.path === other.path && one.adapterPath === other.adapterPath && one.domain === other.domain;
}
