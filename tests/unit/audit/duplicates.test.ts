import { createHash } from "node:crypto";
import { closeSync, linkSync, openSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { auditFolder, makePlan } from "../../../lib/audit";
import { knowsHoles, noise, scratch, write } from "./support";

const { fresh } = scratch();
const SIZE = 3_000_000;
const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

describe("files with the same bytes", () => {
  it("are those that a hash of everything finds, in any tree", async () => {
    const contents = fc.array(fc.record({ seed: fc.nat(3), length: fc.constantFrom(1, 5_000, 90_000, 90_001) }), {
      maxLength: 14,
    });
    await fc.assert(
      fc.asyncProperty(contents, async (list) => {
        const folder = fresh();
        const byHash = new Map<string, string[]>();
        for (const [index, { seed, length }] of list.entries()) {
          const bytes = noise(length, seed);
          write(folder, `${index}`, bytes);
          byHash.set(sha256(bytes), [...(byHash.get(sha256(bytes)) ?? []), `${index}`]);
        }
        const { duplicates } = await auditFolder(folder, { leastSize: 1 });
        const found = duplicates.same_bytes.map(({ sha256, paths }) => [sha256, [...paths].sort()]).sort();
        const expected = [...byHash]
          .filter(([, paths]) => paths.length > 1)
          .map(([hash, paths]) => [hash, paths.sort()]);
        expect(found).toEqual(expected.sort());
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  it("differ when one byte that no sample sees does", async () => {
    const folder = fresh();
    const bytes = noise(SIZE, 1);
    write(folder, "a", bytes);
    write(folder, "copy", bytes);
    const other = Buffer.from(bytes);
    other[1_000_000] = (other[1_000_000] ?? 0) ^ 1;
    write(folder, "other", other);
    const { duplicates } = await auditFolder(folder);
    expect(duplicates.same_bytes.map(({ paths }) => paths)).toEqual([["a", "copy"]]);
    expect(duplicates).toMatchObject({ apparent_size: SIZE });
  });

  it("are not read where no other file has their length, and only in samples where those differ", async () => {
    const folder = fresh();
    for (let index = 0; index < 4; index++) write(folder, `${index}`, noise(SIZE + index, index));
    expect((await auditFolder(folder)).duplicates.bytes_read).toBe(0);
    write(folder, "same-length", noise(SIZE, 9));
    expect((await auditFolder(folder)).duplicates.bytes_read).toBe(2 * 5 * 16 * 1024);
  });

  it.skipIf(!knowsHoles())("may be stored with holes or without: the holes are not read", async () => {
    const folder = fresh();
    const length = 2_000_000_000;
    const dense = 60_000_000;
    for (const name of ["one", "two"]) {
      truncateSync(write(folder, name, "head"), length);
      const file = openSync(join(folder, name), "r+");
      writeSync(file, Buffer.from("middle"), 0, 6, 1_234_567_890);
      closeSync(file);
    }
    write(folder, "stored", Buffer.alloc(dense));
    truncateSync(write(folder, "holes", ""), dense);
    const { same_bytes: same, bytes_read } = (await auditFolder(folder)).duplicates;
    expect(same.map(({ size, sha256, paths }) => [size, sha256, [...paths].sort()])).toEqual([
      [length, null, ["one", "two"]],
      [dense, null, ["holes", "stored"]],
    ]);
    expect(bytes_read).toBeLessThan(2 * dense);
  });

  it("are none when they are two names of one file", async () => {
    const folder = fresh();
    linkSync(write(folder, "a", noise(SIZE, 1)), join(folder, "b"));
    expect((await auditFolder(folder)).duplicates.same_bytes).toEqual([]);
  });

  it("are left to the tool that made them: packages, and git's own store", async () => {
    const folder = fresh();
    const bytes = noise(SIZE, 3);
    for (const name of [".git/lfs/objects/aa/bb/object", "model.bin", "node_modules/x/model.bin", "again.bin"])
      write(folder, name, bytes);
    for (const name of ["HEAD", "objects/x", "refs/x"]) write(folder, `.git/${name}`, "x");
    const report = await auditFolder(folder);
    expect(report.duplicates.same_bytes[0]?.paths).toHaveLength(4);
    const found = report.findings.filter(({ reason }) => reason.startsWith("the same bytes"));
    expect(found.map(({ cause, path }) => [cause, path.startsWith(".git/")])).toEqual([
      ["same-bytes", false],
      ["lfs-store", true],
    ]);
    const steps = makePlan(report, { now: Date.now() / 1000 + 1e7 }).phases.flatMap(({ steps }) => steps);
    expect(steps.map(({ action, paths }) => [action, paths.length])).toEqual([
      ["delete", 1],
      ["link", 1],
    ]);
    expect(steps.flatMap(({ paths }) => paths).some((path) => path.startsWith(".git"))).toBe(false);
  });
});
