import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditFolder, DEFAULT_RULES, makePlan, markOnHub, type AuditReport, type PlanStep } from "../../../lib/audit";
import { loadConfig, type Config } from "../../../lib/config";
import { checkHub } from "../../../lib/runtime";
import { configJson, safetensorsHeader, SHAPES } from "../../fixtures/grown/headers";
import { HubServer } from "../../fixtures/hub-server";
import { failureOf, scratchFolder } from "../hub/helpers";

const scratch = scratchFolder();
const SIZE = 300_000;
let hub: HubServer;
let config: Config;
let folders = 0;

/** Weights as small as they can be that are taken for a model's: a real header, and bytes that tell one from another. */
function weights(seed: number): Buffer {
  const head = safetensorsHeader(SIZE, "BF16", [{ name: "model.layers.0.self_attn.q_proj.weight", shape: [8, 8] }]);
  const bytes = Buffer.alloc(SIZE, seed);
  return Buffer.concat([head, bytes]).subarray(0, SIZE);
}

beforeAll(async () => {
  hub = await HubServer.start();
  hub.createRepo("model", "org/base").commit({ "model.safetensors": weights(1), "config.json": "{}" });
  hub.createRepo("model", "org/moved-on").commit({ "model.safetensors": weights(9), "other.bin": weights(3) });
  config = loadConfig({ HF_HOME: join(scratch, "home"), HF_ENDPOINT: hub.url, MEMWELL_DATA_DIR: join(scratch, "d") });
});
afterAll(() => hub.close());

function write(folder: string, path: string, content: Buffer | string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

/** A fine-tune that is a mere copy of its base, one that is none, and a cache whose repository has other bytes by now. */
async function auditedTree(): Promise<AuditReport> {
  const folder = join(scratch, `tree-${(folders += 1)}`);
  write(folder, "copy/model.safetensors", weights(1));
  write(folder, "copy/config.json", configJson(SHAPES.tutor, "org/base"));
  write(folder, "tune/model.safetensors", weights(2));
  write(folder, "tune/config.json", configJson(SHAPES.tutor, "org/base"));
  write(folder, "lost/model.safetensors", weights(4));
  write(folder, "lost/config.json", configJson(SHAPES.tutor, "org/nobody"));
  const repo = "cache/models--org--moved-on";
  write(folder, `${repo}/refs/main`, "a".repeat(40));
  write(folder, `${repo}/blobs/${"b".repeat(64)}`, weights(5));
  write(folder, `${repo}/blobs/${"c".repeat(40)}`, configJson(SHAPES.tutor));
  mkdirSync(join(folder, repo, "snapshots", "a".repeat(40)), { recursive: true });
  for (const [name, blob] of [["model.safetensors", "b".repeat(64)], ["config.json", "c".repeat(40)]] as const)
    symlinkSync(`../../blobs/${blob}`, join(folder, repo, "snapshots", "a".repeat(40), name)); // prettier-ignore
  return auditFolder(folder);
}

const stepsOf = (report: AuditReport): PlanStep[] =>
  makePlan(report, {
    rules: { ...DEFAULT_RULES, keep: { ...DEFAULT_RULES.keep, used_within_days: 0 }, external_from: 1000 },
  }).phases.flatMap(({ steps }) => steps);
const actionFor = (steps: PlanStep[], start: string) => steps.find(({ what }) => what.startsWith(start))?.action;

describe("asking the Hub what it has of a folder", { timeout: 60_000 }, () => {
  it("finds the same bytes by their hash, and says so of the model; what could not be asked is told", async () => {
    const report = await auditedTree();
    const check = await checkHub(config, report);
    const marked = markOnHub(report, check);
    const onHub = Object.fromEntries(marked.models.map(({ path, on_hub: found }) => [path, found]));
    expect(onHub["copy"]).toMatchObject({
      repo: "org/base",
      revision: expect.stringMatching(/^[0-9a-f]{40}$/),
      files: [{ path: "copy/model.safetensors", file: "model.safetensors", size: SIZE }],
    });
    expect(onHub["tune"]).toBeNull();
    expect(onHub["cache/models--org--moved-on"]).toBeNull();
    expect(onHub["lost"]).toBeUndefined();
    const errors = Object.fromEntries(check.asked.map(({ repo, error }) => [repo, error]));
    expect(errors).toMatchObject({ "org/base": null, "org/moved-on": null });
    expect(errors["org/nobody"]).toContain("org/nobody");
    // Asked once, however many models name it.
    expect(check.asked).toHaveLength(3);
  });

  it("lets a step that would upload fetch again, and one that would fetch other bytes upload", async () => {
    const report = await auditedTree();
    const before = stepsOf(report);
    expect(actionFor(before, "copy")).toBe("publish");
    expect(actionFor(before, "cache/models--org--moved-on")).toBe("fetch-again");
    const after = stepsOf(markOnHub(report, await checkHub(config, report)));
    expect(actionFor(after, "copy")).toBe("fetch-again");
    expect(actionFor(after, "tune")).toBe("publish");
    expect(actionFor(after, "cache/models--org--moved-on")).toBe("publish");
    const step = after.find(({ what }) => what.startsWith("copy"));
    expect(step?.on_hub?.files).toMatchObject([{ path: "copy/model.safetensors", file: "model.safetensors" }]);
    expect(step?.why).toContain("org/base on the Hub has the same bytes");
    expect(readFileSync(join(report.folder, "copy/model.safetensors"))).toEqual(weights(1));
  });

  it("reads no file whose size the Hub does not list", async () => {
    const report = await auditedTree();
    const resized: AuditReport = {
      ...report,
      folder: join(scratch, "nowhere"),
      models: report.models.map((model) => ({
        ...model,
        files: model.files.map((file) => ({ ...file, apparent_size: file.apparent_size + 1 })),
      })),
    };
    const { models } = await checkHub(config, resized);
    expect([...new Set(models.values())]).toEqual([null]);
  });

  it("does not ask offline, and ends when it is cancelled", async () => {
    const report = await auditedTree();
    const offline = { ...config, hub: { ...config.hub, offline: true } };
    expect((await failureOf(checkHub(offline, report))).code).toBe("hub_offline");
    expect((await failureOf(checkHub(config, report, { signal: AbortSignal.abort() }))).code).toBe("aborted");
  });
});
