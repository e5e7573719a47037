import type { CatalogueReport, ModelUse, UseCall } from "./contract";
import { ModelCatalogue, type CatalogueParts } from "./model-catalogue";
import { ModelSwitch, type SwitchParts } from "./model-switch";

/** The models to choose from, and the choice. */
export interface RuntimeCatalogue {
  /** What there is, with how it fits this machine. Throws `invalid_setting` for an owner's catalogue that cannot be read. */
  report(): Promise<CatalogueReport>;
  /** Begins to make a model the one that answers, see `ModelUse`; throws as `ModelSwitch.begin`. */
  use(call: UseCall): Promise<ModelUse>;
  /** The change under way, or the last one. */
  readonly now: ModelUse | null;
  /** Ends the change under way; resolves to how it ended. */
  cancel(): Promise<ModelUse | null>;
  /** Resolves when no change is under way any more. */
  ended(): Promise<ModelUse | null>;
}

export class ChosenCatalogue implements RuntimeCatalogue {
  readonly #catalogue: ModelCatalogue;
  readonly #switch: ModelSwitch;

  constructor(parts: CatalogueParts & Omit<SwitchParts, "catalogue">) {
    this.#catalogue = new ModelCatalogue(parts);
    this.#switch = new ModelSwitch({ ...parts, catalogue: this.#catalogue });
  }

  get now(): ModelUse | null {
    return this.#switch.now;
  }

  report(): Promise<CatalogueReport> {
    return this.#catalogue.report();
  }

  use(call: UseCall): Promise<ModelUse> {
    return this.#switch.begin(call);
  }

  cancel(): Promise<ModelUse | null> {
    return this.#switch.cancel();
  }

  ended(): Promise<ModelUse | null> {
    return this.#switch.ended();
  }

  close(): Promise<void> {
    return this.#switch.close();
  }
}
