import { describe, expect, it } from "vitest";
import { chosenSteps, chosenSums, isChosen, NOTHING_CHOSEN, withPhase, withStep } from "../../../app/_storage/chosen";
import type { FolderRow, StoragePlan } from "../../../app/_storage/contract";
import { nextTile } from "../../../app/_storage/next-tile";
import { above, storageAddress, storagePlaceOf, waysTo } from "../../../app/_storage/storage-address";
import { tilesOf } from "../../../app/_storage/tiles";
import { formatMoney, formatParameters, formatShare, formatSize, rowName } from "../../../app/_storage/words";

const row = (name: string, size: number, more: Partial<FolderRow> = {}): FolderRow => ({
  name,
  path: name,
  type: "file",
  apparent_size: size,
  size_on_disk: size,
  nb_files: 1,
  mark: "fine",
  section: "models",
  kind: "gguf",
  is_read: true,
  parts: [],
  ...more,
});

describe("the tiles of a folder", () => {
  it("are as large as their shares, lie inside the drawing and beside each other", () => {
    const tiles = tilesOf([row("a", 600), row("b", 300), row("c", 100)], 400, 300);
    expect(tiles.map((tile) => tile.row.name)).toEqual(["a", "b", "c"]);
    const areas = tiles.map(({ width, height }) => width * height);
    expect(areas[0]! / areas[1]!).toBeGreaterThan(1.7);
    expect(areas[1]! / areas[2]!).toBeGreaterThan(2.4);
    for (const { left, top, width, height } of tiles) {
      expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
      expect([left + width <= 400, top + height <= 300]).toEqual([true, true]);
    }
  });

  it("of what is too small to be hit are one, which says how many it stands for", () => {
    const small = Array.from({ length: 100 }, (_, index) => row(`small-${index}`, 1));
    const tiles = tilesOf([row("large", 1_000_000), row("other", 500_000), ...small, row("", 400_000, { type: "rest", nb_files: 7 })], 400, 300); // prettier-ignore
    expect(tiles.map((tile) => [rowName(tile.row), tile.row.apparent_size])).toEqual([
      ["large", 1_000_000],
      ["other", 500_000],
      ["107 smaller files", 400_100],
    ]);
  });

  it("of a folder show what lies in it, and the bytes that no part says stay empty", () => {
    const parts = [{ name: "in", apparent_size: 50, section: "models" as const }];
    const [tile] = tilesOf([row("folder", 100, { type: "folder", parts })], 400, 300);
    expect(tile?.parts).toHaveLength(1);
    const [part] = tile?.parts ?? [];
    expect(part!.width * part!.height).toBeLessThan(0.6 * 400 * 300);
  });

  it("are none where there is nothing, or no room", () => {
    expect([tilesOf([], 400, 300), tilesOf([row("a", 1)], 0, 0), tilesOf([row("a", 0)], 400, 300)]).toEqual([[], [], []]); // prettier-ignore
  });

  it("are gone through by arrow keys to the nearest one in line", () => {
    const tiles = [
      { left: 0, top: 0, width: 50, height: 100 },
      { left: 53, top: 0, width: 47, height: 48 },
      { left: 53, top: 51, width: 47, height: 49 },
    ];
    expect(nextTile(tiles, 0, "ArrowRight")).not.toBeNull();
    expect([nextTile(tiles, 1, "ArrowLeft"), nextTile(tiles, 2, "ArrowLeft")]).toEqual([0, 0]);
    expect([nextTile(tiles, 1, "ArrowDown"), nextTile(tiles, 2, "ArrowUp")]).toEqual([2, 1]);
    expect([nextTile(tiles, 0, "ArrowLeft"), nextTile(tiles, 0, "ArrowUp"), nextTile([], 0, "ArrowUp")]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe("what is chosen of a plan", () => {
  const step = (id: string, size: number) => ({ id, apparent_size: size, action: "delete" });
  const phases = [
    { phase: "cleanup", apparent_size_before: 100, apparent_size_after: 40, steps: { entries: [step("cleanup-1", 30), step("cleanup-2", 20)], count: 3 } }, // prettier-ignore
    { phase: "compression", apparent_size_before: 40, apparent_size_after: 35, steps: { entries: [step("compression-1", 5)], count: 1 } }, // prettier-ignore
  ];
  const plan = { phases } as unknown as StoragePlan;
  const [cleanup, compression] = plan.phases as [StoragePlan["phases"][number], StoragePlan["phases"][number]];

  it("is a whole phase, with what no list shows", () => {
    const all = withPhase(NOTHING_CHOSEN, "cleanup", true);
    expect(chosenSums(plan, all)).toEqual({ nb_steps: 3, apparent_size: 60 });
    expect(chosenSteps(all, " org/name ")).toEqual({ phases: ["cleanup"], steps: [], publishTo: "org/name" });
    expect(chosenSums(plan, withPhase(all, "cleanup", false))).toEqual({ nb_steps: 0, apparent_size: 0 });
  });

  it("is single steps; one taken from a whole phase leaves the others that are listed", () => {
    const without = withStep(withPhase(NOTHING_CHOSEN, "cleanup", true), cleanup, "cleanup-1", false);
    expect([isChosen(without, "cleanup", "cleanup-1"), isChosen(without, "cleanup", "cleanup-2")]).toEqual([
      false,
      true,
    ]);
    expect(chosenSums(plan, without)).toEqual({ nb_steps: 1, apparent_size: 20 });
    const only = withStep(NOTHING_CHOSEN, compression, "compression-1", true);
    expect(chosenSteps(only, "").phases).toEqual(["compression"]);
    expect(withStep(only, compression, "compression-1", false).size).toBe(0);
  });
});

describe("the address of the page", () => {
  it("names a folder, a path in it and the theme, and nothing that is as ever", () => {
    const place = { folder: "a b", path: "c/d&e" };
    const address = storageAddress(place, "?__theme=dark&other=1");
    expect(storagePlaceOf(new URL(address, "http://x").search)).toEqual(place);
    expect(new URL(address, "http://x").searchParams.get("__theme")).toBe("dark");
    expect(storageAddress({ folder: "", path: "." }, "")).toBe("/storage");
    expect(storagePlaceOf(`?path=${"x".repeat(5000)}&folder=${"y".repeat(600)}`)).toEqual({ folder: "", path: "." });
  });

  it("has ways back", () => {
    expect(waysTo("a/b")).toEqual([
      { name: "a", path: "a" },
      { name: "b", path: "a/b" },
    ]);
    expect([waysTo("."), above("a"), above("a/b")]).toEqual([[], ".", "a"]);
  });
});

describe("words", () => {
  it.each([
    [42_369_650_374, "42.37 GB"],
    [999_600_000, "1.00 GB"],
    [670_000_000, "670 MB"],
    [3_842_048, "3.8 MB"],
    [4_096, "4.1 kB"],
    [97, "97 B"],
    [1.5e12, "1.50 TB"],
  ])("%s bytes are %s", (bytes, words) => expect(formatSize(bytes)).toBe(words));

  it("say shares, parameters and prices, and where there is none", () => {
    expect([formatShare(1, 4), formatShare(1, 15), formatShare(1, 1e9), formatShare(0, 0)]).toEqual(["25 %", "6.7 %", "< 0.1 %", "0 %"]); // prettier-ignore
    expect([formatParameters(1.1e9), formatParameters(4.94e8), formatParameters(null)]).toEqual(["1.10 B", "494 M", "–"]); // prettier-ignore
    expect([formatMoney(1.149), formatMoney(0.001), formatMoney(0), formatMoney(null)]).toEqual(["$1.15", "< $0.01", "$0.00", "–"]); // prettier-ignore
  });
});
