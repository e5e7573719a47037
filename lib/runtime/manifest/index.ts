export type { ManifestEvent, ManifestSource, PulledEntry, PulledManifest } from "./contract";
export { ManifestFiles } from "./manifest-files";
export { pinsOfManifest } from "./pins";
export { pullManifest, type PullManifestOptions } from "./pull-manifest";
