import type { AuditModel, AuditReport, Finding, HubCacheSums, LargeFile, SectionSums } from "../contract";
import type { SameBytesResult } from "../duplicates/same-bytes";
import { KIND_NAMES, KINDS, type Kind, type Section } from "../kinds";
import type { ModelUnit } from "../models/unit";
import { toText, type BytePath } from "../walk/byte-path";
import { pathOf, RECORD_BYTES } from "../walk/file-record";
import { foldersOf, sumOfKinds, type Folder } from "../walk/folder";
import { addSums, noSums, type Sums } from "../walk/sums";
import { isSparse } from "../walk/system";
import type { WalkedTree } from "../walk/walk";
import { aboutFiles, linksFromElsewhere } from "./about-files";
import { findingsOf, type Found, type RawFinding } from "./findings";
import { treeOf } from "./tree";

export interface ReportParts extends Pick<Found, "totals" | "units" | "sameModels" | "nearBases"> {
  walked: WalkedTree;
  sameBytes: SameBytesResult;
  /** Seconds since 1970. */
  takenAt: number;
  leastSize: number | undefined;
  depth: number;
}

type Relative = (path: BytePath) => string;

export function makeReport(parts: ReportParts): AuditReport {
  const { walked, totals, units, sameBytes } = parts;
  const { root, notes, hardLinks } = walked;
  const relative: Relative = (path) => (path === root.path ? "." : toText(path.slice(prefixOf(root).length)));
  const found = { ...parts, root, relative, sameBytes: sameBytes.groups, emptyFolders: walked.emptyFolders };
  const findings = findingsOf(found);
  const kinds = totals.get(root) ?? new Map<Kind, Sums>();
  return {
    version: 1,
    folder: toText(root.path),
    taken_at: parts.takenAt,
    total: sumOfKinds(kinds),
    nb_folders: walked.nbFolders,
    folders_size_on_disk: [...foldersOf(root)].reduce((sum, folder) => sum + folder.ownSizeOnDisk, 0),
    hard_links: { nb_names: hardLinks.count, saved_size: hardLinks.savedSize },
    nb_links: walked.links.count,
    sparse: sparseOf(root),
    sections: sectionsOf(kinds),
    models: modelsOf(units, findings, relative),
    hub_caches: hubCachesOf(parts, relative),
    duplicates: duplicatesOf(parts, relative),
    empty_folders: walked.emptyFolders.map(({ path }) => relative(path)),
    findings: findings.map((finding) => publicFinding(finding, relative)),
    large_files: largeFilesOf(parts, relative),
    tree: treeOf(root, totals, findings, parts.depth),
    notes: notes.list,
    nb_notes: Object.fromEntries(notes.counts),
    nb_judged_by_name: walked.smallFiles.nbByName,
  };
}

function prefixOf(root: Folder): BytePath {
  return root.name.endsWith("/") ? root.name : `${root.name}/`;
}

function sparseOf(root: Folder): AuditReport["sparse"] {
  const sparse = { nb_files: 0, unallocated_size: 0 };
  for (const { records } of foldersOf(root)) {
    for (const { size, sizeOnDisk } of records) {
      if (!isSparse(size, sizeOnDisk)) continue;
      sparse.nb_files += 1;
      sparse.unallocated_size += size - sizeOnDisk;
    }
  }
  return sparse;
}

function sectionsOf(kinds: ReadonlyMap<Kind, Sums>): SectionSums[] {
  const sections = new Map<Section, SectionSums>();
  for (const kind of KIND_NAMES) {
    const { section, label } = KINDS[kind];
    const entry = sections.get(section) ?? { section, ...noSums(), kinds: [] };
    sections.set(section, entry);
    const sums = kinds.get(kind);
    if (sums === undefined || sums.nb_files === 0) continue;
    addSums(entry, sums);
    entry.kinds.push({ kind, label, ...sums });
  }
  return [...sections.values()];
}

function modelsOf(units: readonly ModelUnit[], findings: readonly RawFinding[], relative: Relative): AuditModel[] {
  const about = new Map<ModelUnit | BytePath, number[]>();
  for (const [index, { unit, path }] of findings.entries()) {
    const known = about.get(unit ?? path);
    if (known === undefined) about.set(unit ?? path, [index]);
    else known.push(index);
  }
  const ownOf = (unit: ModelUnit): RawFinding[] => {
    const keys = new Set([unit, unit.path, ...unit.records.map(pathOf)]);
    const indexes = [...keys].flatMap((key) => about.get(key) ?? []).sort((left, right) => left - right);
    return indexes.map((index) => findings[index] as RawFinding);
  };
  return units
    .map((unit) => modelOf(unit, ownOf(unit), relative))
    .sort((left, right) => right.apparent_size - left.apparent_size);
}

function modelOf(unit: ModelUnit, own: readonly RawFinding[], relative: Relative): AuditModel {
  const newest = (time: "modified" | "accessed"): number =>
    unit.records.reduce((most, record) => Math.max(most, record[time]), 0);
  return {
    path: relative(unit.path),
    files: unit.records.map((record) => ({ path: relative(pathOf(record)), ...aboutFiles([record]).size })),
    kind: unit.kind,
    ...unit.sums,
    formats: unit.formats,
    ...unit.facts,
    step: unit.step,
    repo_id: unit.repoId,
    training_state: unit.trainingState,
    nb_links_to_it: unit.linkedBy,
    nb_links_from_elsewhere: linksFromElsewhere(unit.records),
    last_modified: newest("modified"),
    last_accessed: newest("accessed"),
    problems: unit.problems,
    mark: own[0]?.mark ?? "fine",
    reasons: own.map(({ reason }) => reason),
  };
}

function publicFinding({ mark, cause, path, reason, ...about }: RawFinding, relative: Relative): Finding {
  const { paths, size, lastModified, lastAccessed, nbLinksFromElsewhere, isRead = true } = about;
  const times = { last_modified: lastModified, last_accessed: lastAccessed };
  const rest = { nb_links_from_elsewhere: nbLinksFromElsewhere, is_read: isRead };
  return { mark, cause, path: relative(path), reason, paths: paths.map(relative), ...size, ...times, ...rest };
}

const LARGE_FILE_BYTES = 1_000_000;

function largeFilesOf({ walked, units }: ReportParts, relative: Relative): LargeFile[] {
  const ofModels = new Set(units.flatMap(({ records }) => records));
  const files = [...foldersOf(walked.root)].flatMap(({ records }) =>
    records.filter((record) => record.size >= LARGE_FILE_BYTES && !ofModels.has(record)),
  );
  return files
    .sort((left, right) => right.size - left.size)
    .map((record) => ({
      path: relative(pathOf(record)),
      kind: record.kind,
      format: record.content?.format ?? null,
      apparent_size: record.size,
      size_on_disk: record.sizeOnDisk,
      last_modified: record.modified,
      last_accessed: record.accessed,
      nb_links_from_elsewhere: linksFromElsewhere([record]),
    }));
}

/** A repository's folder is the parent of its blobs', and a cache is the parent of that. */
function hubCachesOf({ units, totals }: ReportParts, relative: Relative): HubCacheSums[] {
  const caches = new Map<Folder, number>();
  for (const { kind, folder } of units) {
    if (kind !== "hub-cache") continue;
    const cache = folder.parent?.parent ?? folder.parent ?? folder;
    caches.set(cache, (caches.get(cache) ?? 0) + 1);
  }
  return [...caches]
    .map(([cache, count]) => ({
      path: relative(cache.path),
      nb_models: count,
      ...sumOfKinds(totals.get(cache) ?? new Map<Kind, Sums>()),
    }))
    .sort((left, right) => right.apparent_size - left.apparent_size);
}

function duplicatesOf(parts: ReportParts, relative: Relative): AuditReport["duplicates"] {
  const copies = parts.sameBytes.groups.flatMap(({ records }) => records.slice(1));
  return {
    apparent_size: copies.reduce((sum, { size }) => sum + size, 0),
    size_on_disk: copies.reduce((sum, { sizeOnDisk }) => sum + sizeOnDisk, 0),
    least_size: parts.leastSize ?? RECORD_BYTES,
    bytes_read: parts.sameBytes.bytesRead,
    same_bytes: parts.sameBytes.groups.map(({ records, sha256 }) => ({
      size: records[0]?.size ?? 0,
      sha256,
      paths: records.map((record) => relative(pathOf(record))),
      nb_hub_caches: new Set(records.filter(({ kind }) => kind === "hub-cache").map(({ folder }) => folder)).size,
      in_lfs_store: records.some(({ folder }) => folder.surroundings === "lfs"),
    })),
    same_model: parts.sameModels.map(({ units, certainty }) => ({
      certainty,
      paths: units.map(({ path }) => relative(path)),
    })),
    near_base: parts.nearBases.flatMap(({ base, tune, verdict, nb_changed: _, ...figures }) =>
      verdict === "different" ? [] : [{ base: relative(base.path), path: relative(tune.path), verdict, ...figures }],
    ),
  };
}
