import { readFileSync } from "node:fs";
import { joined, fromText, toSystem } from "../walk/byte-path";
import type { ManifestFile } from "./contract";
import { statOf } from "./disk";
import type { Entry } from "./entry";
import { LeftAlone } from "./reasons";
import type { Run } from "./run";
import { noSizes } from "./weigher";

/** Notes in the folder's manifest where its files are now; the one before lies in the trash. */
export function putInManifest(
  { root, helpers }: Run,
  entry: Entry,
  step: string,
  files: readonly ManifestFile[],
): void {
  const { manifest } = helpers;
  if (manifest === undefined) throw new LeftAlone("there is no manifest to note in where it can be fetched again");
  const name = fromText(manifest.name);
  const path = joined(root.path, name);
  const stats = statOf(path);
  if (stats !== null && !stats.isFile()) throw new LeftAlone(`${manifest.name} is no file`);
  const before = stats === null ? null : readFileSync(toSystem(path), "utf8");
  const after = manifest.add(before, files);
  if (stats !== null) entry.move(step, name, noSizes(), null);
  entry.place(step, name, (at) => entry.disk.writeNew(at, after));
}
