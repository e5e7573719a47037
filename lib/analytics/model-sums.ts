import type { ModelFigures } from "../store";

/** Adds what a model did to what it did before, by its id. */
export function addModel(sums: Map<string, ModelFigures>, did: ModelFigures): void {
  const before = sums.get(did.model);
  if (before === undefined) {
    sums.set(did.model, { ...did });
    return;
  }
  before.steps += did.steps;
  before.prefilled += did.prefilled;
  before.reused += did.reused;
  before.generated += did.generated;
  before.prefillMs += did.prefillMs;
  before.decodeMs += did.decodeMs;
}
