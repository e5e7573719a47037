import { createHash } from "node:crypto";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { addToManifest, applyPlan, MANIFEST_FILE, readManifest, undoApply, type PlanStep } from "../../../../lib/audit";
import { scratch, write } from "../support";
import { listing, planWith, stepsOf } from "./support";

const { fresh } = scratch();
const CONTENT = "weights that the Hub has";
const sha256 = createHash("sha256").update(CONTENT).digest("hex");
const REVISION = "1".repeat(40);
const helpers = { manifest: { name: MANIFEST_FILE, add: addToManifest } };
const onHub = (...paths: string[]): NonNullable<PlanStep["on_hub"]> => ({
  repo: "org/base",
  revision: REVISION,
  files: paths.map((path) => ({ path, file: "model.safetensors", sha256, size: CONTENT.length })),
});

describe("a step whose bytes the Hub was found to have", () => {
  it("leaves a manifest that says where, and undo takes that back with it", async () => {
    const folder = fresh();
    write(folder, "models/model.safetensors", CONTENT);
    const before = listing(folder);
    const path = "models/model.safetensors";
    const plan = await planWith(folder, [{ action: "fetch-again", paths: [path], on_hub: onHub(path) }]);
    expect(stepsOf(await applyPlan(plan, { helpers }))[0]).toMatchObject({ outcome: "done" });
    expect(readManifest(join(folder, MANIFEST_FILE)).entries).toMatchObject([
      { path, repo_type: "model", repo: "org/base", file: "model.safetensors", revision: REVISION, sha256, size: CONTENT.length },
    ]); // prettier-ignore
    await undoApply(folder);
    expect(listing(folder)).toEqual(before);
  });

  it("is left alone when one of its files is not there", async () => {
    const folder = fresh();
    for (const path of ["one", "two"]) write(folder, path, CONTENT);
    const plan = await planWith(folder, [{ action: "fetch-again", paths: ["one", "two"], on_hub: onHub("one") }]);
    const [step] = stepsOf(await applyPlan(plan, { helpers }));
    expect(step).toMatchObject({ outcome: "left-alone", reason: "it cannot be told where it can be fetched again" });
  });
});
