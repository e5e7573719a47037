import type { Difference } from "../duplicates/near-base";
import type { SameBytes } from "../duplicates/same-bytes";
import type { SameModel } from "../duplicates/same-model";
import { isTrainingState, type ModelUnit } from "../models/unit";
import type { BytePath } from "../walk/byte-path";

import { foldersOf, sumOfKinds, type Folder } from "../walk/folder";
import type { Kind, Mark } from "../kinds";
import { pathOf } from "../walk/file-record";
import type { FindingCause } from "../contract";
import type { Sums } from "../walk/sums";
import { aboutFiles } from "./about-files";
import { percent, sizeText } from "./words";

export interface RawFinding {
  mark: Exclude<Mark, "fine">;
  path: BytePath;
  reason: string;
  cause: FindingCause;
  /** The files it is about; a folder stands for all in it. */
  paths: BytePath[];
  size: Pick<Sums, "apparent_size" | "size_on_disk">;
  /** In seconds since 1970; 0 where that says nothing. */
  lastModified: number;
  lastAccessed: number;
  unit: ModelUnit | null;
}

export interface Found {
  root: Folder;
  totals: ReadonlyMap<Folder, ReadonlyMap<Kind, Sums>>;
  units: readonly ModelUnit[];
  sameBytes: readonly SameBytes[];
  sameModels: readonly SameModel[];
  nearBases: readonly Difference[];
  emptyFolders: readonly Folder[];
  /** How the report writes a path. */
  relative: (path: BytePath) => string;
}

/** All there is to do or to look at, the largest first within each mark. */
export function findingsOf(found: Found): RawFinding[] {
  const findings = [
    ...ofModels(found),
    ...ofSameBytes(found),
    ...ofSameModels(found),
    ...ofNearBases(found),
    ...ofFolders(found),
    ...ofArchives(found),
  ];
  const rank = { "act-now": 0, look: 1 };
  return findings.sort(
    (left, right) => rank[left.mark] - rank[right.mark] || right.size.apparent_size - left.size.apparent_size,
  );
}

function ofModels({ units }: Found): RawFinding[] {
  const lastSteps = lastStepsOf(units);
  return units.flatMap((unit) => {
    const last = lastSteps.get(trainingOf(unit)) ?? 0;
    const all = { unit, path: unit.path, ...aboutFiles(unit.records) };
    if (unit.problems.length > 0)
      return { ...all, mark: "act-now", cause: "damaged", reason: `it is damaged: ${unit.problems[0]}` };
    if (unit.step !== null && unit.step < last) {
      const reason = `step ${unit.step} of a training whose step ${last} is here too`;
      return { ...all, mark: "act-now", cause: "earlier-step", reason };
    }
    if (unit.trainingState.nb_files > 0) {
      const reason = `${sizeText(unit.trainingState.apparent_size)} of it only serve to go on with its training`;
      const files = aboutFiles(unit.records.filter(isTrainingState));
      return { ...all, ...files, mark: "act-now", cause: "training-state", reason };
    }
    return severalFormats(unit);
  });
}

function severalFormats(unit: ModelUnit): RawFinding[] {
  const [kept, ...again] = unit.formats;
  if (kept === undefined || again.length === 0) return [];
  const records = unit.records.filter(({ content }) => content?.weights && again.includes(content.weights.format));
  const reason = `its weights are there as ${kept} and again as ${again.join(" and ")}`;
  return [{ mark: "look", cause: "formats", path: unit.path, reason, unit, ...aboutFiles(records) }];
}

/** What its checkpoints have in common: they stand side by side, are of one kind, and of one base. */
function trainingOf({ folder, kind, facts }: ModelUnit): string {
  return JSON.stringify([folder.parent?.path, kind, facts.base, facts.parameters]);
}

function lastStepsOf(units: readonly ModelUnit[]): Map<string, number> {
  const last = new Map<string, number>();
  for (const unit of units) {
    if (unit.step === null) continue;
    const training = trainingOf(unit);
    last.set(training, Math.max(unit.step, last.get(training) ?? 0));
  }
  return last;
}

/** In what a tool made and may make again a copy is nobody's to remove; in git's LFS store only git's. */
function ofSameBytes({ sameBytes, relative }: Found): RawFinding[] {
  return sameBytes.flatMap(({ records: [kept, ...copies] }) =>
    copies.flatMap((copy): RawFinding[] => {
      const { surroundings } = copy.folder;
      if (surroundings !== null && surroundings !== "lfs") return [];
      const reason = `the same bytes as ${kept === undefined ? "another file" : relative(pathOf(kept))}`;
      const about = { path: pathOf(copy), reason, unit: null, ...aboutFiles([copy]) };
      if (surroundings === "lfs") return [{ ...about, mark: "look", cause: "lfs-store" }];
      return [{ ...about, mark: "act-now", cause: "same-bytes" }];
    }),
  );
}

function ofSameModels({ sameModels, relative }: Found): RawFinding[] {
  return sameModels.flatMap(({ units, certainty }) =>
    units.map((unit): RawFinding => {
      const others = units.filter((other) => other !== unit).map((other) => relative(other.path));
      const what = certainty === "name" ? "the same model" : "a model of the same shape";
      const rest = others.length > 3 ? ` and ${others.length - 3} more` : "";
      const reason = `${what} in another format or quant: ${others.slice(0, 3).join(", ")}${rest}`;
      return { mark: "look", cause: "same-model", path: unit.path, reason, unit, ...aboutFiles(unit.records) };
    }),
  );
}

function ofNearBases({ nearBases, relative }: Found): RawFinding[] {
  return nearBases.map((difference) => {
    const { base, tune } = difference;
    const reason = differenceText(difference, relative(base.path));
    return { mark: "look", cause: "near-base", path: tune.path, reason, unit: tune, ...aboutFiles(tune.records) };
  });
}

function differenceText(difference: Difference, base: string): string {
  const { verdict, equal_share, nb_sampled, nb_matrices, rank, adapter_size } = difference;
  const measured = `in pieces of ${nb_sampled} of ${nb_matrices} matrices`;
  if (verdict === "equal") return `no difference from ${base} was found ${measured}`;
  const rest = `what differs has a rank of about ${rank} (${measured})`;
  return `${percent(equal_share)} of its values are those of ${base}, and ${rest}: an adapter would take about ${sizeText(adapter_size ?? 0)}`;
}

const CAN_BE_MADE_AGAIN: Partial<Record<Kind, string>> = {
  environment: "packages that can be installed again",
  build: "output that a tool can make again",
  lfs: "git LFS's own copies: `git lfs prune` removes those that are on its server",
};

function ofFolders({ root, totals, emptyFolders }: Found): RawFinding[] {
  const about = (folder: Folder) => ({
    mark: "look" as const,
    path: folder.path,
    paths: [folder.path],
    unit: null,
    lastModified: 0,
    lastAccessed: 0,
  });
  const findings: RawFinding[] = emptyFolders.map((folder) => {
    const size = { apparent_size: 0, size_on_disk: folder.ownSizeOnDisk };
    return { ...about(folder), cause: "empty-folder", reason: "an empty folder", size };
  });
  for (const folder of foldersOf(root)) {
    const { surroundings, parent } = folder;
    const reason = surroundings === null ? undefined : CAN_BE_MADE_AGAIN[surroundings];
    if (reason === undefined || surroundings === parent?.surroundings) continue;
    const { apparent_size, size_on_disk } = sumOfKinds(totals.get(folder) ?? new Map<Kind, Sums>());
    const cause = surroundings === "lfs" ? "lfs-store" : "made-again";
    findings.push({ ...about(folder), cause, reason, size: { apparent_size, size_on_disk } });
  }
  return findings;
}

function ofArchives({ root }: Found): RawFinding[] {
  const archives = [...foldersOf(root)].flatMap(({ records }) => records.filter(({ kind }) => kind === "archive"));
  return archives.map((record) => {
    const date = new Date(record.modified * 1000).toISOString().slice(0, 10);
    const reason = `an archive (${record.content?.format ?? "unknown"}), last changed ${date}`;
    return { mark: "look", cause: "archive", path: pathOf(record), reason, unit: null, ...aboutFiles([record]) };
  });
}
