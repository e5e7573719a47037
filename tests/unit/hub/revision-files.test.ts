import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { revisionFiles } from "../../../lib/hub/scan/revision-files";
import { scanCache } from "../../../lib/hub/scan/scan";
import { makeVariedCache, SIZES, TUTOR } from "../../fixtures/varied-cache";
import { commit, failureOf, RepoBuilder, scratchFolder } from "./helpers";

const cache = join(scratchFolder(), "hub");
mkdirSync(cache);
makeVariedCache(cache);
const TUTOR_MAIN = { repo_type: "model", repo_id: "org/tutor-GGUF", commit_hash: TUTOR.main } as const;

describe("the files of a revision", () => {
  it("come the largest first, with their quants, and sum up to the revision", async () => {
    const scan = await scanCache(cache);
    const found = revisionFiles(scan, TUTOR_MAIN);
    expect(found.files.map(({ file, size_on_disk, quant }) => [file, size_on_disk, quant])).toEqual([
      ["tutor-Q8_0.gguf", SIZES.q8, "Q8_0"],
      ["tutor-Q4_K_M.gguf", SIZES.q4, "Q4_K_M"],
      ["Q6_K/tutor-Q6_K-00001-of-00002.gguf", SIZES.q6Part, "Q6_K"],
      ["Q6_K/tutor-Q6_K-00002-of-00002.gguf", SIZES.q6Part, "Q6_K"],
      ["README.md", SIZES.readme, null],
    ]);
    expect(found.quants).toEqual([
      { quant: "Q8_0", size_on_disk: SIZES.q8, nb_files: 1 },
      { quant: "Q6_K", size_on_disk: 2 * SIZES.q6Part, nb_files: 2 },
      { quant: "Q4_K_M", size_on_disk: SIZES.q4, nb_files: 1 },
    ]);
    const sum = found.files.reduce((total, { size_on_disk }) => total + size_on_disk, 0);
    expect(sum).toBe(found.size_on_disk);
    expect(found).toMatchObject({ nb_files: 5, left_out: 0 });
  });

  it("tell which other revisions and repositories have the same bytes", async () => {
    const scan = await scanCache(cache);
    const { files } = revisionFiles(scan, TUTOR_MAIN);
    const named = (name: string) => files.find(({ file }) => file === name);
    expect(named("README.md")).toMatchObject({ nb_revisions: 2, also_in: [] });
    expect(named("tutor-Q8_0.gguf")).toMatchObject({
      nb_revisions: 1,
      shared: false,
      also_in: ["model/other/copy-GGUF"],
    });
    const shared = scan.repos.find(({ repo_id }) => repo_id === "org/shared-a");
    const name = { repo_type: "model", repo_id: "org/shared-a" } as const;
    const [file] = revisionFiles(scan, { ...name, commit_hash: shared?.revisions[0]?.commit_hash ?? "" }).files;
    expect(file).toMatchObject({ shared: true, also_in: ["model/org/shared-b"] });
  });

  it("of a revision that shows a file twice count its quant once", async () => {
    const root = join(cache, "..", "twice");
    new RepoBuilder(root).revision(commit("aa"), { "a-Q4_0.gguf": 10, "b-Q4_0.gguf": 10 });
    const [repo] = (await scanCache(root)).repos;
    const found = revisionFiles(await scanCache(root), { ...repo!, commit_hash: commit("aa") });
    expect(found.quants).toEqual([{ quant: "Q4_0", size_on_disk: 10, nb_files: 2 }]);
  });

  it("beyond a number of them are left out, and that is said", async () => {
    const { files, left_out } = revisionFiles(await scanCache(cache), TUTOR_MAIN, 2);
    expect(files.map(({ file }) => file)).toEqual(["tutor-Q8_0.gguf", "tutor-Q4_K_M.gguf"]);
    expect(left_out).toBe(3);
  });

  it("that are not there any more are an error by name", async () => {
    const scan = await scanCache(cache);
    const asked = async (name: object) => revisionFiles(scan, { ...TUTOR_MAIN, ...name });
    expect(await failureOf(asked({ repo_id: "org/none" }))).toMatchObject({ code: "repo_not_found" });
    expect(await failureOf(asked({ repo_type: "dataset" }))).toMatchObject({ code: "repo_not_found" });
    expect(await failureOf(asked({ commit_hash: "aaaa1" }))).toMatchObject({ code: "revision_not_found" });
  });
});
