import type { Difference } from "../duplicates/near-base";
import type { SameBytes } from "../duplicates/same-bytes";
import type { SameModel } from "../duplicates/same-model";
import { isTrainingState, type ModelUnit } from "../models/unit";
import type { WeightFormat } from "../content/content";
import type { BytePath } from "../walk/byte-path";

import { foldersOf, sumOfKinds, type Folder } from "../walk/folder";
import type { Kind, Mark } from "../kinds";
import { pathOf } from "../walk/file-record";
import type { FindingCause } from "../contract";
import type { Sums } from "../walk/sums";
import { aboutFiles } from "./about-files";
import { lastStepsOf, trainingOf } from "./trainings";
import { dayText, percent, sizeText } from "./words";

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
  nbLinksFromElsewhere: number;
  /** False when something in it could not be read. Default: true. */
  isRead?: boolean;
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
    const last = lastSteps.get(trainingOf(unit));
    const all = { unit, path: unit.path, ...aboutFiles(unit.records) };
    const cut = unit.records.filter(({ content }) => content?.isCut);
    if (cut.length > 0) {
      const reason = `it is damaged: ${cut[0]?.content?.problem}`;
      return { ...all, ...aboutFiles(cut), mark: "act-now", cause: "damaged", reason };
    }
    if (unit.problems.length > 0) {
      const reason = `it may be damaged, or of a format that Memwell does not know: ${unit.problems[0]}`;
      return { ...all, mark: "look", cause: "not-understood", reason };
    }
    if (unit.step !== null && unit.step < (last?.step ?? 0) && unit.step !== last?.bestStep) {
      const reason = `step ${unit.step} of a training whose step ${last?.step} is here too`;
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
  const [kept, ...others] = unit.formats;
  const again = others.filter((format) => isAsLarge(unit, kept, format));
  if (kept === undefined || again.length === 0) return [];
  const records = unit.records.filter(({ content }) => content?.weights && again.includes(content.weights.format));
  const reason = `its weights are there as ${kept} and again as ${again.join(" and ")}`;
  return [{ mark: "look", cause: "formats", path: unit.path, reason, unit, ...aboutFiles(records) }];
}

/** Nobody needs eight times the bytes for the same weights: a small file beside a model is a part that it has not. */
function isAsLarge({ sumsOfFormat }: ModelUnit, kept: WeightFormat | undefined, other: WeightFormat): boolean {
  const size = (format: WeightFormat): number => sumsOfFormat.get(format)?.apparent_size ?? 0;
  if (kept === undefined) return false;
  const [less, more] = [size(kept), size(other)].sort((left, right) => left - right) as [number, number];
  return less > more / 8;
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
    nbLinksFromElsewhere: folder.linkedInto + folder.linkedAbove - folder.linkedBy,
  });
  const notWhole = foldersNotRead(root);
  // Git misses its own ones.
  const empty = emptyFolders.filter(({ surroundings, parent }) => surroundings === null && parent !== null);
  const findings: RawFinding[] = empty.map((folder) => {
    // What folders themselves take is in no sum.
    const size = { apparent_size: 0, size_on_disk: 0 };
    return { ...about(folder), cause: "empty-folder", reason: "an empty folder", size };
  });
  for (const folder of foldersOf(root)) {
    const { surroundings, parent } = folder;
    const reason = surroundings === null ? undefined : CAN_BE_MADE_AGAIN[surroundings];
    if (reason === undefined || surroundings === parent?.surroundings) continue;
    const { apparent_size, size_on_disk: all } = sumOfKinds(totals.get(folder) ?? new Map<Kind, Sums>());
    const shared = [...foldersOf(folder)].reduce((sum, { sharedSizeOnDisk }) => sum + sharedSizeOnDisk, 0);
    const cause = surroundings === "lfs" ? "lfs-store" : "made-again";
    const isRead = !notWhole.has(folder);
    findings.push({ ...about(folder), cause, reason, isRead, size: { apparent_size, size_on_disk: all - shared } });
  }
  return findings;
}

/** Those with something in them that could not be read, or that another disk is mounted in. */
function foldersNotRead(root: Folder): Set<Folder> {
  const found = new Set<Folder>();
  for (const one of foldersOf(root)) {
    if (one.isRead) continue;
    for (let folder: Folder | null = one; folder !== null && !found.has(folder); folder = folder.parent)
      found.add(folder);
  }
  return found;
}

function ofArchives({ root }: Found): RawFinding[] {
  const archives = [...foldersOf(root)].flatMap(({ records }) => records.filter(({ kind }) => kind === "archive"));
  return archives.map((record) => {
    const reason = `an archive (${record.content?.format ?? "unknown"}), last changed ${dayText(record.modified)}`;
    return { mark: "look", cause: "archive", path: pathOf(record), reason, unit: null, ...aboutFiles([record]) };
  });
}
