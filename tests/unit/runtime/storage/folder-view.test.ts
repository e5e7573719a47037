import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { auditFolder } from "../../../../lib/audit";
import { FolderViews } from "../../../../lib/runtime/storage/folder-view";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "memwell-view-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(path: string, size: number): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), "");
  truncateSync(join(folder, path), size);
}
const views = async () => new FolderViews("an audit", await auditFolder(folder));

describe("a folder of an audit", () => {
  it("has its folders and large files, the largest first, and the small ones together", async () => {
    file("a/large.bin", 3_000_000);
    file("a/deep/er.bin", 1_000_000);
    file("b.bin", 2_000_000);
    for (const index of [1, 2, 3]) file(`small-${index}.txt`, 10);
    const view = (await views()).view(".");
    expect(view).toMatchObject({ audit: "an audit", path: ".", apparent_size: 6_000_030, nb_files: 6 });
    expect(view.rows.map(({ type, path, apparent_size, nb_files }) => [type, path, apparent_size, nb_files])).toEqual([
      ["folder", "a", 4_000_000, 2],
      ["file", "b.bin", 2_000_000, 1],
      ["rest", ".", 30, 3],
    ]);
    expect(view.rows[0]?.parts).toMatchObject([
      { name: "large.bin", apparent_size: 3_000_000 },
      { name: "deep", apparent_size: 1_000_000 },
    ]);
    const inside = (await views()).view("a/deep");
    expect(inside.rows.map(({ path }) => path)).toEqual(["a/deep/er.bin"]);
  });

  it("loses no byte when there are more entries than rows", async () => {
    const report = await auditFolder(folder);
    const small = (index: number) => ({ ...report.tree, name: `folder-${index}`, apparent_size: index, nb_files: 1 });
    const folders = Array.from({ length: 350 }, (_, index) => small(index));
    const tree = { ...report.tree, folders, apparent_size: (350 * 349) / 2, nb_files: 350 };
    const { rows, apparent_size, nb_files } = new FolderViews("an audit", { ...report, tree }).view(".");
    expect(rows).toHaveLength(301);
    expect(rows.at(-1)?.type).toBe("rest");
    const sum = (key: "apparent_size" | "nb_files") => rows.reduce((total, row) => total + row[key], 0);
    expect([sum("apparent_size"), sum("nb_files")]).toEqual([apparent_size, nb_files]);
  });

  it.each(["..", "../a", "a/..", "nothing", "a/large.bin", "/", ""])("that is not there is said: %j", async (path) => {
    file("a/large.bin", 3_000_000);
    const all = await views();
    expect(thrownBy(() => all.view(path))).toMatchObject({ code: "not_found" });
  });
});

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (thrown) {
    return thrown;
  }
  return null;
}
