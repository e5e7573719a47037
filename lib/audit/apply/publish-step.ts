import { joined, toText, type BytePath } from "../walk/byte-path";
import type { ManifestFile } from "./contract";
import type { JournalStep } from "./journal-lines";
import { planStepOf } from "./journal-lines";
import { LeftAlone } from "./reasons";
import type { Run } from "./run";

/** Uploads files before they leave. @throws LeftAlone when not all of them are there */
export async function publishFiles(
  { root, helpers, signal }: Run,
  step: JournalStep,
  moves: readonly BytePath[],
): Promise<ManifestFile[]> {
  const answer = await helpers.publish?.publish({
    folder: toText(root.path),
    step: planStepOf(step),
    files: moves.map((path) => ({ path: toText(path), absolute: toText(joined(root.path, path)) })),
    signal,
  });
  if (answer === undefined) throw new LeftAlone("it was not said where it is to be published");
  if ("reason" in answer) throw new LeftAlone(answer.reason);
  const told = new Set(answer.map(({ path }) => path));
  const missing = moves.find((path) => !told.has(toText(path)));
  if (missing !== undefined) throw new LeftAlone(`${toText(missing)} was not published`);
  return answer;
}
