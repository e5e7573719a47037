import fc from "fast-check";
import { chmodSync, linkSync, mkdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { applyPlan, dryRun, emptyTrash, pathText, resumeApply, undoApply, type AuditPlan } from "../../../../lib/audit";
import { scratch } from "../support";
import { hasTrash, listing, planWith, sizesOf } from "./support";

const { fresh } = scratch();

/** Names as nobody should give them; each character is one byte. */
const NAMES = ["plain", "two words", "new\nline", "\xff\xfe", "\xc3\xa4", "a\\xff", "-rf", "\\x5c", "quote'\""];
const at = (folder: string, path: string): Buffer => Buffer.from(`${folder}/${path}`, "latin1");

interface Item {
  kind: "file" | "sparse" | "folder" | "link" | "hard";
  name: number;
  size: number;
  mode: number;
  parent: number;
}

const item = fc.record<Item>({
  kind: fc.constantFrom("file", "file", "sparse", "folder", "folder", "link", "hard"),
  name: fc.nat(NAMES.length - 1),
  size: fc.integer({ min: 0, max: 30_000 }),
  mode: fc.constantFrom(0o644, 0o600, 0o755, 0o444),
  parent: fc.nat(100),
});

/** Makes a tree, and says what stands in it, each before what is in it. */
function makeTree(folder: string, items: readonly Item[]): string[] {
  const folders = [""];
  const files: string[] = [];
  const all: string[] = [];
  for (const [index, { kind, name, size, mode, parent }] of items.entries()) {
    const path = `${folders[parent % folders.length]}${index}-${NAMES[name]}`;
    const target = files[size % Math.max(1, files.length)];
    all.push(path);
    if (kind === "folder") {
      mkdirSync(at(folder, path));
      folders.push(`${path}/`);
    } else if (kind === "link") symlinkSync(size % 3 === 0 ? "/" : size % 3 === 1 ? ".." : "nowhere", at(folder, path));
    else if (kind === "hard" && target !== undefined) linkSync(at(folder, target), at(folder, path));
    else {
      writeFileSync(at(folder, path), Buffer.alloc(size, index));
      if (kind === "sparse") truncateSync(at(folder, path), size + 1_000_000);
      chmodSync(at(folder, path), mode);
      utimesSync(at(folder, path), 1e9 + size, 1e9 + index + 0.123456);
      files.push(path);
    }
  }
  return all;
}

/** Of these paths those that lie in no other of them. */
function apart(paths: readonly string[]): string[] {
  return paths.filter((path) => !paths.some((other) => other !== path && path.startsWith(`${other}/`)));
}

async function randomPlan(
  items: readonly Item[],
  picks: readonly number[],
): Promise<{ folder: string; plan: AuditPlan }> {
  const folder = fresh();
  const all = makeTree(folder, items);
  const chosen = apart([...new Set(picks.map((pick) => all[pick % all.length] as string))]);
  const steps = chosen.map((path) => ({ paths: [pathText(path)] }));
  return { folder, plan: await planWith(folder, steps) };
}

const tree = fc.tuple(
  fc.array(item, { minLength: 2, maxLength: 14 }),
  fc.array(fc.nat(100), { minLength: 1, maxLength: 4 }),
);

describe("for any tree and any choice of what goes", () => {
  it("an apply frees exactly what was promised, undo restores everything, an emptied trash gives back as much", async () => {
    const check = async ([items, picks]: [Item[], number[]]): Promise<void> => {
      const { folder, plan } = await randomPlan(items, picks);
      const [before, size] = [listing(folder), await sizesOf(folder)];
      const promised = await dryRun(plan);
      expect(listing(folder)).toEqual(before);
      const result = await applyPlan(plan);
      expect(result.achieved).toEqual(promised.expected);
      expect(result.phases[0]?.steps.every(({ outcome }) => outcome === "done")).toBe(true);
      // Files with names that stay are counted at those: then less leaves than what went.
      const after = await sizesOf(folder);
      expect(size.size_on_disk - after.size_on_disk).toBe(result.achieved.size_on_disk);
      expect((await undoApply(folder)).kept).toEqual([]);
      expect(listing(folder)).toEqual(before);
      expect(hasTrash(folder)).toBe(false);

      const again = await applyPlan(await planWith(folder, plan.phases[0]?.steps ?? []));
      expect((await emptyTrash(folder)).size_on_disk).toBe(again.achieved.size_on_disk);
      expect(hasTrash(folder)).toBe(false);
    };
    await fc.assert(fc.asyncProperty(tree, check), { numRuns: 8, interruptAfterTimeLimit: 20_000 });
  }, 120_000);
});

/** As if the power went: nothing of the program runs on from there. */
class PowerCut extends Error {}

describe("an end at any point", () => {
  const items: Item[] = [
    { kind: "folder", name: 3, size: 0, mode: 0o755, parent: 0 },
    { kind: "file", name: 2, size: 5000, mode: 0o600, parent: 1 },
    { kind: "hard", name: 0, size: 0, mode: 0, parent: 0 },
  ];

  async function cutAt(count: number, act: (onChange: () => void) => Promise<unknown>): Promise<boolean> {
    let left = count;
    const onChange = (): void => {
      if (left-- === 0) throw new PowerCut("cut");
    };
    return act(onChange).then(
      () => false,
      (thrown: unknown) => {
        if (!(thrown instanceof PowerCut)) throw thrown;
        return true;
      },
    );
  }

  it("of an apply leaves what a resume makes whole, and what an undo takes back", async () => {
    for (let count = 0, wasCut = true; wasCut; count++) {
      const { folder, plan } = await randomPlan(items, [0, 2]);
      const before = listing(folder, { rootTime: false });
      wasCut = await cutAt(count, (onChange) => applyPlan(plan, { onChange }));
      if (count % 2 === 0) {
        const resumed = await resumeApply(folder);
        if (resumed !== null && resumed.applied.length > 0) expect(resumed.applied.every(({ outcome }) => outcome === "done")).toBe(true); // prettier-ignore
        expect(await resumeApply(folder)).toBeNull();
      }
      const isApplied = Object.keys(listing(folder)).length < Object.keys(before).length;
      if (isApplied) expect((await undoApply(folder)).kept).toEqual([]);
      expect(listing(folder, { rootTime: false })).toEqual(before);
    }
  }, 120_000);

  it("of an undo leaves what another one, or a resume, brings to its end", async () => {
    for (let count = 0, wasCut = true; wasCut; count++) {
      const { folder, plan } = await randomPlan(items, [0, 2]);
      const before = listing(folder, { rootTime: false });
      const { id } = await applyPlan(plan);
      wasCut = await cutAt(count, (onChange) => undoApply(folder, id ?? "", { onChange }));
      if (count % 2 === 0) await resumeApply(folder);
      // It may have been cut before it began.
      if (Object.keys(listing(folder)).length < Object.keys(before).length) await undoApply(folder);
      expect(listing(folder, { rootTime: false })).toEqual(before);
    }
  }, 120_000);

  it("of an emptying leaves what a resume empties", async () => {
    for (let count = 0, wasCut = true; wasCut; count++) {
      const { folder, plan } = await randomPlan(items, [0, 2]);
      await applyPlan(plan);
      const after = listing(folder, { rootTime: false });
      wasCut = await cutAt(count, (onChange) => emptyTrash(folder, { onChange }));
      await resumeApply(folder);
      expect(await emptyTrash(folder)).toMatchObject({ kept: [] });
      expect(listing(folder, { rootTime: false })).toEqual(after);
    }
  }, 120_000);
});
