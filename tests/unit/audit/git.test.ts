import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { auditFolder, gitHygiene, makePlan, type AuditPlan, type AuditReport } from "../../../lib/audit";
import { packedObjects } from "../../../lib/audit/git/pack-index";
import { buildGrownRepository } from "../../fixtures/grown-repository";
import { scratch, write } from "./support";

const { fresh } = scratch();
const MB = 1_000_000;
const environment = {
  ...process.env,
  GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@b", GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a@b",
  GIT_CONFIG_GLOBAL: "/dev/null",
}; // prettier-ignore
const git = (folder: string, ...words: string[]) =>
  execFileSync("git", ["-C", folder, ...words], { env: environment, encoding: "utf8" });

/** A repository with a large file that was removed, one that stays, and small ones. */
let made: { folder: string; packed: string; gone: string; stays: string; lost: string };

beforeAll(() => {
  const folder = fresh();
  git(folder, "init", "--quiet", "--initial-branch=main");
  write(folder, "README.md", "small");
  write(folder, "models/gone.bin", Buffer.alloc(12 * MB, "a"));
  write(folder, "models/it's here.bin", Buffer.alloc(11 * MB, "b"));
  const [gone, stays, lost] = ["models/gone.bin", "models/it's here.bin", "README.md"].map((path) =>
    git(folder, "hash-object", join(folder, path)).trim(),
  ) as [string, string, string];
  git(folder, "add", ".");
  git(folder, "commit", "--quiet", "-m", "first");
  git(folder, "rm", "--quiet", "models/gone.bin");
  git(folder, "commit", "--quiet", "-m", "second");
  // What is committed is what counts.
  rmSync(join(folder, "models"), { recursive: true });
  const packed = copyOf(folder);
  git(packed, "gc", "--quiet", "--prune=now");
  made = { folder, packed, gone, stays, lost };
}, 60_000);

function copyOf(folder: string): string {
  const copy = fresh();
  cpSync(folder, copy, { recursive: true, preserveTimestamps: true });
  return copy;
}

/** All that is in `.git`, with its times. */
function stateOf(folder: string): string[] {
  return readdirSync(join(folder, ".git"), { recursive: true, encoding: "utf8" })
    .map((path) => `${path} ${statSync(join(folder, ".git", path)).mtimeMs}`)
    .sort();
}

async function hygieneOf(folder: string, options: Parameters<typeof gitHygiene>[2] = {}) {
  const report = await auditFolder(folder);
  return gitHygiene(report, makePlan(report), options);
}

describe("large files in the history of a repository", { timeout: 60_000 }, () => {
  it("are named by git with their sizes, removed ones too, and with the command that removes each", async () => {
    const { folder, gone, stays } = made;
    const before = stateOf(folder);
    const history = (await hygieneOf(folder))?.history;
    expect(history).toMatchObject({ source: "git", is_complete: true });
    expect(history?.large_objects).toMatchObject([
      {
        id: gone,
        size: 12 * MB,
        path: "models/gone.bin",
        command: "git filter-repo --invert-paths --path models/gone.bin",
      },
      // A name that a shell would take for more is not put into a command.
      {
        id: stays,
        size: 11 * MB,
        path: "models/it's here.bin",
        command: expect.stringMatching(/^echo [0-9a-f]{40} > /),
      },
    ]);
    expect(stateOf(folder)).toEqual(before);
  });

  it.each(["folder", "packed"] as const)("are found without git in loose files and in packs (%s)", async (where) => {
    const { gone, stays, [where]: folder } = made;
    for (const program of [null, join(folder, "no-such-git")]) {
      const history = (await hygieneOf(folder, { program }))?.history;
      expect(history).toMatchObject({ source: "files", is_complete: true });
      expect(history?.large_objects).toMatchObject([
        { id: gone, size: 12 * MB, path: null },
        { id: stays, size: 11 * MB, path: null },
      ]);
    }
  });

  it("are looked for only in the folder's own repository", async () => {
    const outer = copyOf(made.folder);
    const inner = join(outer, "inner");
    mkdirSync(inner);
    expect(await hygieneOf(inner)).toBeNull();
    // Half a repository: git itself would go on to the one above.
    write(inner, ".git/HEAD", "ref: refs/heads/main\n");
    expect((await hygieneOf(inner))?.history).toMatchObject({ source: "files", large_objects: [], is_complete: false });
  });

  it("are not fetched, and nothing that a stranger's settings name is run", async () => {
    const folder = copyOf(made.folder);
    const trap = join(folder, "trap.sh");
    write(folder, "trap.sh", `#!/bin/sh\ntouch ${join(folder, "ran")}\n`);
    chmodSync(trap, 0o755);
    for (const [name, value] of [
      ["core.fsmonitor", trap],
      ["core.pager", trap],
      ["core.sshCommand", trap],
      ["core.alternateRefsCommand", trap],
      ["extensions.partialClone", "origin"],
      ["remote.origin.promisor", "true"],
      ["remote.origin.url", `ext::${trap}`],
      ["protocol.ext.allow", "always"],
    ] as const)
      git(folder, "config", name, value);
    const { lost } = made;
    renameSync(join(folder, ".git/objects", lost.slice(0, 2), lost.slice(2)), join(folder, "lost"));
    expect((await hygieneOf(folder))?.history.large_objects).toHaveLength(2);
    expect(existsSync(join(folder, "ran"))).toBe(false);
  });

  it("end with an error when it is cancelled, and no program stays behind", async () => {
    const { folder } = made;
    const report = await auditFolder(folder);
    const aborted = gitHygiene(report, makePlan(report), { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ code: "aborted" });
  });

  it("of damaged packs are told as far as they can be read", () => {
    const packs = join(made.packed, ".git/objects/pack");
    const name = readdirSync(packs).find((file) => file.endsWith(".idx")) ?? "";
    const index = readFileSync(join(packs, name));
    const size = statSync(join(packs, name.replace(/idx$/, "pack"))).size;
    expect(packedObjects(index, size)?.length).toBeGreaterThan(4);
    expect(packedObjects(index, 100)).toBeNull();
    for (const length of [0, 7, 1032, 1200]) expect(packedObjects(index.subarray(0, length), size)).toBeNull();
    const lies = Buffer.from(index);
    lies.writeUInt32BE(0xffffffff, 1028);
    expect(packedObjects(lies, size)).toBeNull();
  });
});

describe("lines that git's files lack", () => {
  let report: AuditReport;
  let plan: AuditPlan;
  let folder: string;
  beforeAll(async () => {
    folder = fresh();
    buildGrownRepository(folder);
    report = await auditFolder(folder);
    plan = makePlan(report);
  }, 60_000);
  const lfs = (pattern: string) => `${pattern} filter=lfs diff=lfs merge=lfs -text`;
  const linesOf = async (path: string) =>
    (await gitHygiene(report, plan, { program: null }))?.missing_lines.find((one) => one.path === path)?.lines ?? [];

  it("are those of what leaves the folder, is made again, or is the trash; and LFS for what stays", async () => {
    expect((await linesOf(".gitignore")).sort()).toEqual(
      [
        "/.venv/",
        "/target/",
        "/models/full-cache/models--org--large-chat/",
        "/models/second-cache/models--org--tutor-base/",
        "/models/third-cache/models--org--tutor-base/",
        "/models/third-cache/models--org--domain-base/",
        // Their configs stay in the repository.
        "/models/business/model.safetensors",
        "/models/design/model.safetensors",
        "/models/education/model.safetensors",
        "/models/gguf/reasoner-1.5b-Q4_K_M.gguf",
        "/models/gguf/tutor-1.1b-Q4_K_M.gguf",
        "/data/train.parquet",
        "/data/chats.jsonl",
        "/.memwell-trash/",
      ].sort(),
    );
    expect((await linesOf(".gitattributes")).sort()).toEqual([lfs("*.gguf"), lfs("*.mp4"), lfs("*.safetensors")]);
  });

  it("are not asked for twice", async () => {
    const ignore = await linesOf(".gitignore");
    write(folder, ".gitignore", `# ours\n.venv\ntarget/\n.memwell-trash/\n${ignore.slice(2, 4).join("\n")}\n`);
    write(folder, ".gitattributes", `${lfs("*.gguf")}\n${lfs("*.mp4")}\n*.safetensors text\n`);
    const after = await linesOf(".gitignore");
    expect(after).toEqual(ignore.slice(4, -1));
    expect(await linesOf(".gitattributes")).toEqual([lfs("*.safetensors")]);
    write(folder, ".gitignore", "models/\n.venv\ntarget/\n.memwell-trash\ndata\n");
    expect(await linesOf(".gitignore")).toEqual([]);
    expect(await linesOf(".gitattributes")).toEqual([]);
  });

  it("write names so that git takes them as they are, and leave out those that no line can hold", async () => {
    const odd = fresh();
    write(odd, ".git/HEAD", "ref: refs/heads/main\n");
    const paths = ["a [b]*?", "#c", "new\nline"];
    const oddPlan = {
      phases: [{ steps: paths.map((path) => ({ action: "publish", what: path, paths: [path] })) }],
    } as unknown as AuditPlan;
    const lines = (await gitHygiene(await auditFolder(odd), oddPlan, { program: null }))?.missing_lines[0]?.lines;
    expect(lines).toEqual(["/a \\[b\\]\\*\\?", "/#c", "/.memwell-trash/"]);
    git(odd, "init", "--quiet");
    write(odd, ".gitignore", `${lines?.join("\n")}\n`);
    for (const path of ["a [b]*?", "#c"]) expect(git(odd, "check-ignore", path).length).toBeGreaterThan(0);
  });
});
