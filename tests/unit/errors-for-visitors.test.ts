import { describe, expect, it } from "vitest";
import { forVisitors, MemwellError, type ErrorCode } from "../../lib/errors";
import { invalidAdapter, invalidFile, unreadableFile } from "../../lib/gguf/file-errors";
import { encodeModel, errorBody, type ModelSummary } from "../../lib/wire";

const FILE = "/home/owner/secret folder/tiny-Q8_0.gguf";
const noFile = (fields = {}) => {
  const error = unreadableFile(FILE, Object.assign(new Error("no"), { code: "ENOENT" }));
  return new MemwellError(error.code, error.message, { ...error.fields, ...fields });
};

describe("an error of a model, as visitors are told it", () => {
  it("names the model, its file without its folder, and what to do", () => {
    const { code, message, fields } = forVisitors(noFile({ model: "tiny-q8_0" }).toRecord());
    expect(code).toBe("model_file_missing");
    expect(message).toBe(
      "The model tiny-q8_0 cannot be used now: tiny-Q8_0.gguf: there is no such file. Check the path in the settings and " +
        "that Memwell may read it. The server's log says where that file lies; meanwhile, choose another model.",
    );
    expect(fields).toEqual({
      model: "tiny-q8_0",
      file: "tiny-Q8_0.gguf",
      reason: "there is no such file",
      systemCode: "ENOENT",
    });
  });

  it.each([
    invalidFile(FILE, "it is cut off", 12),
    invalidAdapter(FILE, `it is for ${FILE.replace("tiny", "other")}`),
    new MemwellError("model_unsupported", `llama.cpp could not load ${FILE}: Error: ${FILE}?`, { path: FILE }),
    new MemwellError("adapter_invalid", `${FILE} on ${FILE}`, { path: FILE, modelPath: FILE }),
    new MemwellError("internal", `${FILE} broke`, { path: FILE }),
    new MemwellError("model_file_missing", "C:\\owner\\secret\\a.gguf: gone.", { path: "C:\\owner\\secret\\a.gguf" }),
    new MemwellError("hub_offline", "hf:a/b is not in the cache (/home/owner/secret), so.", {
      cache_dir: "/home/owner/secret",
    }),
  ])("says nothing of the folder: $code", (error) => {
    const text = JSON.stringify(errorBody(error));
    expect(text).not.toMatch(/secret|owner/);
    expect(text).toContain(error.code);
  });

  it("is the same when it is told again", () => {
    const once = forVisitors(noFile().toRecord());
    expect(forVisitors(once)).toEqual(once);
  });

  it.each<[ErrorCode, object]>([
    ["invalid_request", { path: "/home/owner/a" }],
    ["cache_invalid", { path: "/home/owner/a", cache_dir: "/home/owner" }],
    ["engine_crashed", { pid: 1 }],
    ["model_file_missing", { path: "a.gguf" }],
  ])("is as it was where it is about something else, or names no place: %s %o", (code, fields) => {
    const record = { code, message: "/home/owner/a is wrong.", fields: { ...fields } };
    expect(forVisitors(record)).toBe(record);
  });

  it("stands so in the list of models", () => {
    const model = { roles: [], info: null, download: null, builtIn: null, standIns: [], lastError: noFile().toRecord() } as unknown as ModelSummary; // prettier-ignore
    expect(encodeModel(model, 0).memwell.error?.message).toMatch(/^tiny-Q8_0\.gguf: there is no such file/);
  });
});
