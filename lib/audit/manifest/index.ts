export { MANIFEST_FILE, NO_ENTRIES, type Manifest, type ManifestEntry } from "./contract";
export { addToManifest, manifestText, withEntries, withoutPaths, type NewEntry } from "./entries";
export { readManifest, readManifestIfThere, writeManifest } from "./file";
export { parseManifest } from "./parse";
