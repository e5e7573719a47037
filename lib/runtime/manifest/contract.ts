import type { ManifestEntry } from "../../audit";
import type { ErrorRecord } from "../../errors";
import type { FetchEvent } from "../fetch-events";

/** Where the bytes of an entry were found, in the order in which they are looked for. */
export type ManifestSource = "folder" | "cache" | "hub";

/** What is heard while a manifest is pulled. */
export type ManifestEvent =
  /** Its bytes are at its path, and are the right ones. */
  | { type: "entry"; path: string; source: ManifestSource }
  /** The others are pulled all the same. */
  | { type: "entry-failed"; path: string; error: ErrorRecord }
  /** Of the repository that is downloaded now. */
  | { type: "fetch"; event: FetchEvent };

export interface PulledEntry extends Pick<ManifestEntry, "path" | "repo" | "file" | "revision" | "sha256" | "size"> {
  /** Null when it could not be had. */
  source: ManifestSource | null;
  error: ErrorRecord | null;
}

export interface PulledManifest {
  /** Where the paths of the entries count from. */
  folder: string;
  entries: PulledEntry[];
}
