export { withChoices } from "./choices";
export type { CatalogueFit, CatalogueModel, CatalogueReport, FitMark, ModelUse, UseCall } from "./contract";
export { ChosenCatalogue, type RuntimeCatalogue } from "./runtime-catalogue";
