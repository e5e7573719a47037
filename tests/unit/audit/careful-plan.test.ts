import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { auditFolder, makePlan, parseRules, readRules, type AuditPlan, type PlanOptions } from "../../../lib/audit";
import { dayText } from "../../../lib/audit/report/words";
import { encodeHeader } from "../../../lib/gguf/write";
import type { GgufMetadata, GgufValue } from "../../../lib/gguf";
import {
  configJson,
  ggufHeader,
  llamaMatrices,
  loraMatrices,
  safetensorsHeader,
  SHAPES,
  torchHead,
} from "../../fixtures/grown/headers";
import { noise, scratch, write } from "./support";

const { fresh } = scratch();
const YEAR = 365 * 86_400;
const later = Date.now() / 1000 + 10 * YEAR;
const planOf = async (folder: string, options: PlanOptions = {}): Promise<AuditPlan> =>
  makePlan(await auditFolder(folder), { now: later, ...options });
const goingFrom = ({ phases }: AuditPlan): string[] =>
  phases
    .flatMap(({ steps }) => steps)
    .flatMap(({ paths }) => paths)
    .sort();
const deletedFrom = ({ phases }: AuditPlan): string[] => (phases[0]?.steps ?? []).flatMap(({ paths }) => paths).sort();
const reasonsFrom = ({ left_alone }: AuditPlan) => Object.fromEntries(left_alone.map(({ path, why }) => [path, why]));

function gguf(folder: string, name: string, quant: "Q4_K" | "Q8_0", size = 1_300_000_000, title = "Tutor"): void {
  const [whole, tail] = [ggufHeader(SHAPES.tutor, title, quant), noise(16, name.length)];
  truncateSync(write(folder, name, whole), size);
  if (size > 1e9) execFileSync("dd", ["status=none", "conv=notrunc", "bs=1", `seek=${size - 16}`, `of=${join(folder, name)}`], { input: tail }); // prettier-ignore
}

/** One part of a model in several; the first alone says what it is. */
function part(folder: string, file: string, index: number, count: number, title: string): void {
  const metadata: GgufMetadata = new Map<string, GgufValue>([
    ["general.architecture", { type: "string", value: "llama" }],
    ["general.name", { type: "string", value: title }],
    ["split.no", { type: "uint16", value: index }],
    ["split.count", { type: "uint16", value: count }],
  ]);
  const head = encodeHeader(metadata, [{ name: `${title}.${index}`, shape: [256], type: "F32" }]);
  write(folder, file, Buffer.concat([head, noise(100_000, index + title.length)]));
}

function adapter(folder: string, path: string, step: number, log: object[], more: object = {}): void {
  const size = 60_000_000;
  const head = safetensorsHeader(size, "F32", loraMatrices(SHAPES.tutor, 8), { step: `${path} ${step}` });
  truncateSync(write(folder, `${path}/a`, head), size);
  write(folder, `${path}/b`, JSON.stringify({ peft_type: "LORA", base_model_name_or_path: "org/base", r: 8 }));
  write(folder, `${path}/c`, JSON.stringify({ global_step: step, log_history: log, ...more }));
}

describe("a plan removes no model for another one", () => {
  it("that is damaged", async () => {
    const folder = fresh();
    gguf(folder, "small", "Q4_K", 500_000_000);
    gguf(folder, "large", "Q8_0");
    const rules = parseRules('{"keep": {"light_fallback": false}}', "rules");
    expect(deletedFrom(await planOf(folder, { rules }))).toEqual(["small"]);
  });

  it("that only bears its name, as fine-tunes bear that of their base", async () => {
    const folder = fresh();
    gguf(folder, "law-q4", "Q4_K", 1_300_000_001);
    gguf(folder, "medicine-q4", "Q4_K", 1_300_000_002);
    gguf(folder, "medicine-q8", "Q8_0", 1_300_000_003);
    const plan = await planOf(folder);
    expect(deletedFrom(plan)).toEqual([]);
    expect(reasonsFrom(plan)["law-q4"]).toContain("different fine-tunes");
  });

  it("whose parts stand in the same folder", async () => {
    const folder = fresh();
    for (const title of ["one", "other"])
      for (const index of [0, 1]) part(folder, `${title}-0000${index + 1}-of-00002.gguf`, index, 2, title);
    const { models } = await auditFolder(folder);
    expect(models.map(({ name, files }) => [name, files.map(({ path }) => path)]).sort()).toEqual([
      ["one", ["one-00001-of-00002.gguf", "one-00002-of-00002.gguf"]],
      ["other", ["other-00001-of-00002.gguf", "other-00002-of-00002.gguf"]],
    ]);
    expect(new Set(models.map(({ path }) => path)).size).toBe(2);
  });

  it("that stands beside it in another format and is a small part it has not", async () => {
    const folder = fresh();
    const size = 400_000_000;
    write(folder, "config.json", configJson(SHAPES.tutor));
    truncateSync(write(folder, "a", safetensorsHeader(size, "BF16", llamaMatrices(SHAPES.tutor).slice(0, 20))), size);
    truncateSync(write(folder, "projector", torchHead(["mm_projector.weight"])), 4_000_000);
    expect(deletedFrom(await planOf(folder))).toEqual([]);
  });

  it("that is whole, since another file of it broke off", async () => {
    const folder = fresh();
    const size = 400_000_000;
    write(folder, "config.json", configJson(SHAPES.tutor));
    const head = safetensorsHeader(size, "BF16", llamaMatrices(SHAPES.tutor).slice(0, 20));
    truncateSync(write(folder, "broken", head), size - 1_000_000);
    truncateSync(write(folder, "whole", torchHead(["model.embed_tokens.weight"])), size);
    expect(deletedFrom(await planOf(folder))).toEqual(["broken"]);
  });

  it("of a format that is not known here", async () => {
    const folder = fresh();
    const head = ggufHeader(SHAPES.tutor, "Tutor", "Q8_0");
    head.writeUInt32LE(9, 4);
    truncateSync(write(folder, "future", head), 1_300_000_000);
    const report = await auditFolder(folder);
    expect(report.findings[0]).toMatchObject({ cause: "not-understood", mark: "look" });
    expect(deletedFrom(makePlan(report, { now: later }))).toEqual([]);
  });
});

describe("a plan keeps what came of a training", () => {
  it("also where the optimizer was saved with the model in one file", async () => {
    const folder = fresh();
    truncateSync(write(folder, "lightning", torchHead(["epoch", "layers.0.weight", "param_groups"])), 1_000_000);
    truncateSync(write(folder, "unclear", torchHead(["param_groups"]).subarray(0, -4)), 20_000_000);
    truncateSync(write(folder, "optimizer", torchHead(["param_groups", "exp_avg"])), 1_000_000);
    const tensors = { "a.weight": [0, 400_000], "exp_avg.a": [400_000, 800_000], "exp_avg_sq.a": [800_000, 1_200_000] };
    const entries = Object.entries(tensors).map(([name, data_offsets]) => [
      name,
      { dtype: "F32", shape: [100, 1000], data_offsets },
    ]);
    const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(json.length));
    write(folder, "together", Buffer.concat([length, json, Buffer.alloc(1_200_000)]));
    expect(deletedFrom(await planOf(folder))).toEqual(["optimizer"]);
  });

  it("of two trainings side by side both, and the step that was the best", async () => {
    const folder = fresh();
    adapter(folder, "law", 500, [{ loss: 1.5, step: 10 }]);
    adapter(folder, "medicine", 1000, [{ loss: 1.6, step: 10 }]);
    adapter(folder, "silent", 100, []);
    for (const step of [100, 200, 300])
      adapter(folder, `run/${step}`, step, [{ loss: 2, step: 10 }], { best_model_checkpoint: "out/checkpoint-200" });
    expect(deletedFrom(await planOf(folder))).toEqual(["run/100/a"]);
  });
});

describe("a plan leaves alone", () => {
  it("what the settings use out of a Hugging Face cache, also a GGUF file", async () => {
    const folder = fresh();
    const repo = "hub/models--Org--tutor-GGUF";
    for (const [name, quant] of [["q4", "Q4_K"], ["q8", "Q8_0"]] as const) {
      gguf(folder, `${repo}/blobs/${name}`, quant);
      mkdirSync(join(folder, repo, "snapshots/1"), { recursive: true });
      symlinkSync(`../../blobs/${name}`, join(folder, repo, "snapshots/1", `${name}.gguf`));
    } // prettier-ignore
    const plan = await planOf(folder, { needed: { paths: [], repos: ["org/tutor-gguf"] } });
    expect(goingFrom(plan)).toEqual([]);
    expect(goingFrom(await planOf(folder))).not.toEqual([]);
  });

  it("what a symbolic link leads to: to the file, to its folder, into what can be made again", async () => {
    const folder = fresh();
    const archive = Buffer.concat([Buffer.from("1f8b08", "hex"), noise(100_000, 1)]);
    for (const name of ["old.gz", "kept/old.gz", "gone.gz"]) write(folder, name, archive.subarray(0, 90_000 + name.length)); // prettier-ignore
    write(folder, "target/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n");
    write(folder, "target/release/program", "x");
    mkdirSync(join(folder, "empty"));
    mkdirSync(join(folder, "links"));
    for (const to of ["old.gz", "kept", "target/release", "empty"])
      symlinkSync(`../${to}`, join(folder, "links", to.replace("/", "-")));
    const plan = await planOf(folder);
    expect(deletedFrom(plan)).toEqual(["gone.gz"]);
    expect(new Set(Object.values(reasonsFrom(plan)))).toEqual(new Set(["a symbolic link leads to it"]));
  });

  it("git's own empty folders, the folder itself, and a project with an environment in its middle", async () => {
    const folder = fresh();
    write(folder, "repo/.git/HEAD", "ref: refs/heads/main\n");
    for (const name of ["objects", "refs/tags"]) mkdirSync(join(folder, "repo/.git", name), { recursive: true });
    const settings = "home = /usr/bin\ninclude-system-site-packages = false\n";
    write(folder, "project/pyvenv.cfg", settings);
    write(folder, "project/main.py", "print('mine')\n");
    write(folder, "docs/environments", `How to make one:\n\n${settings}\nThat is all.\n`);
    expect(deletedFrom(await planOf(folder))).toEqual([]);
    write(folder, "pyvenv", settings);
    expect(deletedFrom(await planOf(folder))).toEqual([]);
    expect(deletedFrom(await planOf(fresh()))).toEqual([]);
  });

  it("the last copy of something: a link leads to what is still there", async () => {
    const folder = fresh();
    adapter(folder, "run/1", 1, [{ loss: 2 }]);
    adapter(folder, "run/2", 2, [{ loss: 2 }]);
    execFileSync("cp", ["--sparse=always", "-p", join(folder, "run/1/a"), join(folder, "copy")]);
    utimesSync(join(folder, "run/1/a"), 1e9, 1e9);
    const plan = await planOf(folder);
    expect(deletedFrom(plan)).toEqual(["run/1/a"]);
    expect(plan.phases[2]?.steps).toEqual([]);
  });

  it("a path of the rules however it is written, and all of it", async () => {
    const folder = fresh();
    gguf(folder, "models/small", "Q4_K");
    gguf(folder, "models/large", "Q8_0", 1_400_000_000);
    expect(deletedFrom(await planOf(folder))).toEqual(["models/large"]);
    for (const path of ["models/", "./models", "models//large", "."]) {
      const rules = parseRules(JSON.stringify({ keep: { paths: [path] } }), "rules");
      expect(deletedFrom(await planOf(folder, { rules }))).toEqual([]);
    }
  });

  it("the lightest model and the base of another one, whatever their names", async () => {
    const folder = fresh();
    gguf(folder, "only", "Q4_K", 1_300_000_000, "Tutor Test");
    expect(deletedFrom(await planOf(folder))).toEqual([]);
  });
});

describe("hostile files", () => {
  it("of rules are no pipe to wait for, and nothing in them reaches the terminal as it is", () => {
    const folder = fresh();
    execFileSync("mkfifo", [join(folder, "rules")]);
    expect(() => readRules(join(folder, "rules"))).toThrow("it is no file of rules");
    for (const text of ["\u001b[2J", '{"\u009b2J": 1}', '{"keep": {"\u001b[2J": 1}}'])
      expect(() => parseRules(text.replaceAll("\u001b", "\\u001b"), "a\u001b")).toThrow(/^[^\p{C}]*$/u);
  });

  it("may be of a time that no calendar has", () => {
    expect(dayText(1e13)).toBe("at an unknown time");
    expect(dayText(0)).toBe("1970-01-01");
  });
});
