export type { Catalogue, CatalogueEntry, CatalogueRole } from "./contract";
export { BUILT_IN_ID, parseCatalogue } from "./parse";
export { readCatalogue } from "./read";
