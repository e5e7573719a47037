import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { applyPlan, auditFolder, emptyTrash, listTrash, makePlan, undoApply } from "../../../../lib/audit";
import type { ApplyEvent, ApplyHelpers, AuditPlan } from "../../../../lib/audit";
import { movesOutOfCaches } from "../../../../lib/runtime/storage-caches";
import { addToManifest, MANIFEST_FILE } from "../../../../lib/audit/manifest";
import { buildGrownRepository } from "../../../fixtures/grown-repository";
import { scratch } from "../support";
import { hasTrash, listing, sizesOf, stepsOf } from "./support";

const { fresh } = scratch();
let folder: string;
let plan: AuditPlan;
let helpers: ApplyHelpers;

beforeAll(async () => {
  folder = fresh();
  buildGrownRepository(folder);
  plan = makePlan(await auditFolder(folder));
  const cacheDir = join(fresh(), "hub");
  mkdirSync(cacheDir);
  helpers = {
    hub: { removal: movesOutOfCaches },
    // Of gigabytes of holes: hashing them is no part of what is tested here.
    cache: { cacheDir, sha256: (path) => Promise.resolve(createHash("sha256").update(path).digest("hex")) },
    manifest: { name: MANIFEST_FILE, add: (text, files) => addToManifest(text, files) },
    publish: {
      publish: ({ files }) =>
        Promise.resolve(
          files.map(({ path }) => ({
            path,
            repo_type: "model",
            repo: "org/mine",
            file: path,
            revision: "4".repeat(40),
            sha256: "5".repeat(64),
            size: 1,
          })),
        ),
    },
  };
}, 60_000);

describe("the plan of a repository that grew to 42.37 GB", () => {
  it("is carried out, phase by phase, to 1.50 GB and below, and undone bit for bit", async () => {
    const before = listing(folder);
    const size = await sizesOf(folder);
    const events: ApplyEvent[] = [];
    const phases = ["cleanup", "external-storage", "shared-cache"] as const;
    const result = await applyPlan(plan, { phases, helpers, onEvent: (event) => events.push(event) });
    const steps = stepsOf(result);
    expect(steps.filter(({ outcome }) => outcome !== "done").map(({ what, reason }) => [what, reason])).toEqual([]);
    expect(result.achieved).toEqual(result.expected);
    const after = await sizesOf(folder);
    const manifest = readFileSync(join(folder, MANIFEST_FILE));
    expect(size.apparent_size - result.achieved.apparent_size).toBe(after.apparent_size - manifest.length);
    expect(after.apparent_size).toBeLessThan(2e9);
    expect(events.filter(({ type }) => type === "step-ended")).toHaveLength(steps.length);
    expect(existsSync(join(folder, "models/full-cache/models--org--large-chat"))).toBe(false);

    expect(listTrash(folder).entries.map(({ state }) => state)).toEqual(["whole"]);
    expect((await undoApply(folder)).kept).toEqual([]);
    expect(listing(folder)).toEqual(before);
    expect(hasTrash(folder)).toBe(false);
  }, 60_000);

  it("does not compress, and says what to do instead", async () => {
    const result = await applyPlan(plan, { phases: ["compression"], helpers });
    expect(result).toMatchObject({ id: null, achieved: { apparent_size: 0, size_on_disk: 0 } });
    expect(new Set(stepsOf(result).map(({ outcome }) => outcome))).toEqual(new Set(["left-alone"]));
    expect(stepsOf(result)[0]?.reason).toContain("does not compress yet");
    expect(hasTrash(folder)).toBe(false);
  });

  it("gives the disk back what it said when its trash is emptied", async () => {
    const result = await applyPlan(makePlan(await auditFolder(folder)), { phases: ["cleanup"], helpers });
    const emptied = await emptyTrash(folder);
    expect(emptied).toMatchObject({ ids: [result.id], kept: [], size_on_disk: result.achieved.size_on_disk });
    expect(hasTrash(folder)).toBe(false);
  });
});
