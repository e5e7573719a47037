/** What of a folder the page shows: the folder's name, and the path in it. */
export interface StoragePlace {
  /** An empty text: the first one. */
  folder: string;
  /** From the folder on; `.` is itself. */
  path: string;
}

const LONGEST_NAME = 500;
const LONGEST_PATH = 4096;

/** The place that an address names; what can be none counts as not given. Pure. */
export function storagePlaceOf(search: string): StoragePlace {
  const given = new URLSearchParams(search);
  const [folder, path] = [given.get("folder") ?? "", given.get("path") ?? ""];
  return {
    folder: folder.length > LONGEST_NAME ? "" : folder,
    path: path === "" || path.length > LONGEST_PATH ? "." : path,
  };
}

/** Where the page shows a place, in the theme of the page. Pure. */
export function storageAddress({ folder, path }: StoragePlace, search: string): string {
  const query = new URLSearchParams();
  if (folder !== "") query.set("folder", folder);
  if (path !== ".") query.set("path", path);
  const theme = new URLSearchParams(search).get("__theme");
  if (theme === "dark" || theme === "light") query.set("__theme", theme);
  return query.size === 0 ? "/storage" : `/storage?${query}`;
}

/** The folders on the way to a path, from the outermost on. Pure. */
export function waysTo(path: string): { name: string; path: string }[] {
  if (path === ".") return [];
  const names = path.split("/");
  return names.map((name, index) => ({ name, path: names.slice(0, index + 1).join("/") }));
}

/** The folder that a path lies in. */
export function above(path: string): string {
  const end = path.lastIndexOf("/");
  return end < 0 ? "." : path.slice(0, end);
}
