import type { AuditFolder, AuditModel, AuditReport } from "../runtime";
import { bytes, more, part, table } from "./audit-table";
import { printable } from "./output";

const MARKS = { "act-now": "act now", look: "look", fine: "fine" } as const;

/** The report for people: sums, models, folders, what to do. `top`: lines of each list. */
export function auditLines(report: AuditReport, top: number): string[] {
  return [
    ...summaryOf(report),
    ...part("What it is", table(sectionRows(report), [1, 2, 3])),
    ...part("Models", table(modelRows(report.models.slice(0, top)), [0, 1])),
    ...more(report.models.length - top, "models"),
    ...part("Hugging Face caches", table(cacheRows(report, top), [0, 1, 2])),
    ...part(
      "Folders",
      table([["SIZE", "ON DISK", "FILES", "MARK", "FOLDER"], ...folderRows(report.tree, top)], [0, 1, 2]),
    ),
    ...part("What to look at", table(findingRows(report, top), [1])),
    ...more(report.findings.length - top, "findings"),
    ...duplicateLines(report),
  ];
}

/** What was met on the way, for standard error. */
export function noteLines({ notes, nb_notes: counts }: AuditReport, top: number): string[] {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const lines = notes.slice(0, top).map(({ path, message }) => printable(`${path}: ${message}`));
  return [...lines, ...more(all - lines.length, "notes")];
}

function summaryOf({ folder, total, nb_folders, sparse, hard_links, nb_judged_by_name }: AuditReport): string[] {
  return [
    printable(folder),
    `${bytes(total.apparent_size)} in ${total.nb_files} files and ${nb_folders} folders; ${bytes(total.size_on_disk)} on disk`,
    ...(sparse.nb_files > 0
      ? [
          `${sparse.nb_files} files are sparse: ${bytes(sparse.unallocated_size)} of their length are holes that take no disk`,
        ]
      : []),
    ...(hard_links.nb_names > 0
      ? [
          `${hard_links.nb_names} more names of the same files (hard links) count as nothing: ${bytes(hard_links.saved_size)}`,
        ]
      : []),
    ...(nb_judged_by_name > 0 ? [`${nb_judged_by_name} small files were judged by their endings alone`] : []),
  ];
}

function sectionRows({ sections, empty_folders: empty }: AuditReport): string[][] {
  const rows = sections
    .filter(({ nb_files: count }) => count > 0)
    .flatMap(({ section, kinds, ...sums }) => [
      [section, ...figures(sums)],
      ...kinds.map(({ label, ...own }) => [`  ${label}`, ...figures(own)]),
    ]);
  const last = empty.length > 0 ? [["empty folders", "", "", String(empty.length)]] : [];
  return [["", "SIZE", "ON DISK", "FILES"], ...rows, ...last];
}

function figures(sums: { apparent_size: number; size_on_disk: number; nb_files: number }): string[] {
  return [bytes(sums.apparent_size), bytes(sums.size_on_disk), String(sums.nb_files)];
}

function modelRows(models: readonly AuditModel[]): string[][] {
  if (models.length === 0) return [];
  const rows = models.map((model) => [
    bytes(model.apparent_size),
    parameters(model),
    [model.architecture, model.quantization].filter(Boolean).join(" ") || "-",
    model.formats.join("+") || "-",
    KIND_WORDS[model.kind] ?? model.kind,
    MARKS[model.mark],
    model.path,
    [...(model.base === null ? [] : [`of ${model.base}`]), ...onHub(model)].join(", "),
  ]);
  return [["SIZE", "PARAMETERS", "IS", "FORMAT", "KIND", "MARK", "PATH", "BASE"], ...rows];
}

function onHub({ on_hub: found, files }: AuditModel): string[] {
  if (found == null) return found === null ? ["not on the Hub as it is here"] : [];
  const all = found.files.length === files.length ? "the same" : `${found.files.length} of ${files.length} files`;
  return [`${all} on the Hub in ${found.repo}`];
}

const KIND_WORDS: Partial<Record<AuditModel["kind"], string>> = {
  gguf: "model",
  "hub-cache": "model in a cache",
  "full-model": "full model",
  weights: "weights",
  adapter: "adapter",
  checkpoint: "checkpoint",
};

function parameters({ parameters: count, rank }: AuditModel): string {
  const text = count === null ? "-" : count >= 1e9 ? `${(count / 1e9).toFixed(2)} B` : `${(count / 1e6).toFixed(1)} M`;
  return rank === null ? text : `${text}, rank ${rank}`;
}

function cacheRows({ hub_caches: caches }: AuditReport, top: number): string[][] {
  if (caches.length === 0) return [];
  const rows = caches.slice(0, top).map(({ nb_models: count, path, ...sums }) => {
    const [size = "", onDisk = ""] = figures(sums);
    return [size, onDisk, String(count), path];
  });
  return [["SIZE", "ON DISK", "MODELS", "PATH"], ...rows];
}

function folderRows(tree: AuditFolder, top: number): string[][] {
  const rows: string[][] = [];
  const waiting = [{ folder: tree, level: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { folder, level } = next;
    const name = `${"  ".repeat(level)}${folder.name}${folder.is_read ? "" : " (not read)"}`;
    rows.push([...figures(folder), MARKS[folder.mark], name]);
    const shown = folder.folders.slice(0, top).map((child) => ({ folder: child, level: level + 1 }));
    waiting.push(...shown.reverse());
  }
  return rows;
}

function findingRows({ findings }: AuditReport, top: number): string[][] {
  if (findings.length === 0) return [];
  const rows = findings.slice(0, top).map(({ mark, apparent_size, path, reason }) => {
    return [MARKS[mark], apparent_size > 0 ? bytes(apparent_size) : "", path, reason];
  });
  return [["MARK", "SIZE", "PATH", "WHY"], ...rows];
}

function duplicateLines({ duplicates }: AuditReport): string[] {
  const count = duplicates.same_bytes.reduce((sum, { paths }) => sum + paths.length - 1, 0);
  if (count === 0) return [];
  const read = `${bytes(duplicates.bytes_read)} were read to find them`;
  return ["", `${count} files are copies of others: ${bytes(duplicates.apparent_size)}, ${bytes(duplicates.size_on_disk)} on disk; ${read}`]; // prettier-ignore
}
