import { KINDS, type AuditFolder, type AuditReport, type Kind, type Mark } from "../../audit";
import { MemwellError } from "../../errors";
import type { FolderPart, FolderRow, FolderView, StorageSums } from "./contract";

/** As many as a treemap can show and a table be scrolled through. */
const MOST_ROWS = 300;
const MOST_PARTS = 24;

interface ListedFile extends Pick<StorageSums, "apparent_size" | "size_on_disk"> {
  path: string;
  kind: Kind;
  mark: Mark;
}

const WORSE: Record<Mark, number> = { fine: 0, look: 1, "act-now": 2 };

/** An audit's folders, to be looked into one by one. The files are sorted into them once. */
export class FolderViews {
  readonly #files = new Map<string, ListedFile[]>();

  constructor(
    readonly audit: string,
    readonly report: AuditReport,
  ) {
    const marks = marksOf(report);
    const add = (file: Omit<ListedFile, "mark">): void => {
      const folder = folderOf(file.path);
      const listed = { ...file, mark: marks.get(file.path) ?? "fine" };
      const known = this.#files.get(folder);
      if (known === undefined) this.#files.set(folder, [listed]);
      else known.push(listed);
    };
    for (const { kind, files } of report.models) for (const file of files) add({ ...file, kind });
    for (const file of report.large_files) add(file);
  }

  /**
   * A folder and what lies directly in it, the largest first.
   *
   * @param path from the audited folder on; `.` is itself
   * @throws MemwellError `not_found`
   */
  view(path: string): FolderView {
    const folder = this.#find(path);
    const rows = [...folder.folders.map((child) => this.#folderRow(child, path)), ...this.#fileRows(path)];
    rows.sort((left, right) => right.apparent_size - left.apparent_size || (left.name < right.name ? -1 : 1));
    const shown = rows.slice(0, MOST_ROWS);
    const rest = restOf(folder, path, shown);
    const { mark, is_read } = folder;
    return {
      audit: this.audit,
      path,
      ...sumsOf(folder),
      mark,
      is_read,
      rows: rest === null ? shown : [...shown, rest],
    };
  }

  #find(path: string): AuditFolder {
    let folder: AuditFolder | undefined = this.report.tree;
    for (const name of path === "." ? [] : path.split("/")) {
      folder = folder?.folders.find((child) => child.name === name);
    }
    if (folder !== undefined) return folder;
    throw new MemwellError(
      "not_found",
      "The last audit has no such folder: go back to the folder above, or audit anew.",
      {
        folder: path.slice(0, 500),
      },
    );
  }

  #folderRow(folder: AuditFolder, above: string): FolderRow {
    const path = joined(above, folder.name);
    const { name, mark, is_read } = folder;
    return { name, type: "folder", path, ...sumsOf(folder), mark, ...mostlyOf(folder), is_read, parts: this.#partsOf(folder, path) }; // prettier-ignore
  }

  #fileRows(path: string): FolderRow[] {
    return (this.#files.get(path) ?? []).map(({ kind, ...file }) => ({
      ...file,
      name: file.path.slice(file.path.lastIndexOf("/") + 1),
      type: "file",
      nb_files: 1,
      kind,
      section: KINDS[kind].section,
      is_read: true,
      parts: [],
    }));
  }

  #partsOf(folder: AuditFolder, path: string): FolderPart[] {
    const folders = folder.folders.map((child) => ({
      name: child.name,
      apparent_size: child.apparent_size,
      section: mostlyOf(child).section,
    }));
    const files = this.#fileRows(path).map(({ name, apparent_size, section }) => ({ name, apparent_size, section }));
    return [...folders, ...files]
      .filter(({ apparent_size: size }) => size > 0)
      .sort((left, right) => right.apparent_size - left.apparent_size)
      .slice(0, MOST_PARTS);
  }
}

/** A file is as urgent as the most urgent of what is said about it. */
function marksOf({ findings }: AuditReport): Map<string, Mark> {
  const marks = new Map<string, Mark>();
  for (const { paths, mark } of findings)
    for (const path of paths) if (WORSE[mark] > WORSE[marks.get(path) ?? "fine"]) marks.set(path, mark);
  return marks;
}

/** What no row shows: small files, which the audit only counts, and rows that there was no room for. */
function restOf(folder: AuditFolder, path: string, rows: readonly FolderRow[]): FolderRow | null {
  const left = (key: keyof StorageSums): number =>
    Math.max(
      0,
      rows.reduce((rest, row) => rest - row[key], folder[key]),
    );
  const sums = { apparent_size: left("apparent_size"), size_on_disk: left("size_on_disk"), nb_files: left("nb_files") };
  if (sums.apparent_size === 0 && sums.nb_files === 0) return null;
  return {
    name: "",
    type: "rest",
    path,
    ...sums,
    mark: "fine",
    section: "other",
    kind: "other",
    is_read: true,
    parts: [],
  };
}

function mostlyOf({ kinds }: AuditFolder): Pick<FolderRow, "kind" | "section"> {
  let [kind, most]: [Kind, number] = ["other", 0];
  for (const [name, size] of Object.entries(kinds)) if (size > most) [kind, most] = [name as Kind, size];
  return { kind, section: KINDS[kind].section };
}

function sumsOf({ apparent_size, size_on_disk, nb_files }: StorageSums): StorageSums {
  return { apparent_size, size_on_disk, nb_files };
}

function folderOf(path: string): string {
  const end = path.lastIndexOf("/");
  return end < 0 ? "." : path.slice(0, end);
}

function joined(folder: string, name: string): string {
  return folder === "." ? name : `${folder}/${name}`;
}
