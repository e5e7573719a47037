import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readModel, splitParts, writeSyntheticModel } from "../../../lib/gguf";
import { splitModel } from "../../fixtures/split-model";
import { failureOf, microShape, scratchFolder } from "./helpers";

const folder = scratchFolder();
const whole = join(folder, "whole.gguf");

beforeAll(() => writeSyntheticModel(whole, microShape));

describe("a model in several files", () => {
  it("says of itself what the whole one says", async () => {
    const [first = ""] = await splitModel(whole, join(folder, "split"), 3);
    const [of, one] = [await readModel(first), await readModel(whole)];
    expect(of.tensors.map(({ name, bytes }) => [name, bytes])).toEqual(
      one.tensors.map(({ name, bytes }) => [name, bytes]),
    );
    expect({ ...of.summary, fileBytes: 0 }).toEqual({ ...one.summary, fileBytes: 0 });
    expect(of.summary.fileBytes).toBeGreaterThan(one.summary.fileBytes);
  });

  it("is missing when a part of it is", async () => {
    const [first = "", second = ""] = await splitModel(whole, join(folder, "torn"), 2);
    rmSync(second);
    const failure = await failureOf(readModel(first));
    expect(failure.code).toBe("model_file_missing");
    expect(failure.message).toContain("torn-00002-of-00002.gguf");
  });

  it("is refused when its name does not say which parts there are", async () => {
    const [first = ""] = await splitModel(whole, join(folder, "named"), 2);
    const renamed = join(folder, "renamed.gguf");
    renameSync(first, renamed);
    expect((await failureOf(readModel(renamed))).message).toContain("the first of 2 parts");
  });
});

describe("splitParts", () => {
  it.each([
    ["a/m-00002-of-00003.gguf", ["a/m-00001-of-00003.gguf", "a/m-00002-of-00003.gguf", "a/m-00003-of-00003.gguf"]],
    ["m.gguf", ["m.gguf"]],
    ["m-1-of-3.gguf", ["m-1-of-3.gguf"]],
    ["m-00001-of-00000.gguf", ["m-00001-of-00000.gguf"]],
  ])("%s: %j", (path, parts) => expect(splitParts(path)).toEqual(parts));
});
