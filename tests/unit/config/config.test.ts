import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { absolutePaths, loadConfig, parseBytes, parseDuration, parseModelReference } from "../../../lib/config";
import { MemwellError } from "../../../lib/errors";

describe("loadConfig", () => {
  it("needs no settings at all", () => {
    expect(loadConfig({ HOME: "/home/me" }, "/start")).toEqual({
      responseModel: null,
      reasoningModel: null,
      responseAdapter: null,
      domains: [],
      chosenRoles: [],
      catalogue: null,
      manifest: null,
      builtInModels: null,
      auditDirs: [],
      memoryBudget: null,
      memoryThreshold: 0.8,
      spaceMemory: null,
      contextSize: "auto",
      kvType: "F16",
      kvDiskBudget: 2e9,
      threads: "auto",
      idleUnloadMs: 600_000,
      samplesKeepMs: 604_800_000,
      samplesMaxBytes: 16_000_000,
      dataDir: "/start/data",
      agent: "tutor",
      allowsSystemPrompt: false,
      hub: {
        cacheDir: "/home/me/.cache/huggingface/hub",
        xetDir: "/home/me/.cache/huggingface/xet",
        assetsDir: "/home/me/.cache/huggingface/assets",
        endpoint: "https://huggingface.co",
        token: null,
        tokenPath: "/home/me/.cache/huggingface/token",
        offline: false,
      },
      cachePins: [],
      cacheGraceMs: 604_800_000,
      diskBudget: null,
      analytics: {
        access: "open",
        maxAgeMs: 90 * 86_400_000,
        maxRuns: 100_000,
        alerts: { budgetShare: 0.9, freeDiskBytes: 1e9, evictionsPerHour: 20, webhook: null },
      },
      adminToken: null,
      host: "127.0.0.1",
      port: 7860,
    });
  });

  it("reads every setting", () => {
    const config = loadConfig(
      {
        MEMWELL_RESPONSE_MODEL: "models/a.gguf",
        MEMWELL_REASONING_MODEL: "hf:org/repo/sub/b.gguf:Q4_K_M@v1",
        MEMWELL_MEMORY_BUDGET: "8GB",
        MEMWELL_MEMORY_THRESHOLD: "0.5",
        MEMWELL_CONTEXT_SIZE: "2048",
        MEMWELL_KV_TYPE: "q8_0",
        MEMWELL_SYSTEM_PROMPT: "Allow",
        MEMWELL_KV_DISK_BUDGET: "off",
        MEMWELL_THREADS: "3",
        MEMWELL_IDLE_UNLOAD: "off",
        MEMWELL_SAMPLES_KEEP: "off",
        MEMWELL_SAMPLES_SIZE: "4MB",
        MEMWELL_DATA_DIR: "/somewhere",
        PORT: "80",
        SPACE_ID: "me/space",
      },
      "/start",
    );
    expect(config).toMatchObject({
      responseModel: { type: "path", path: "/start/models/a.gguf" },
      reasoningModel: { type: "hub", repo: "org/repo", file: "sub/b.gguf", quant: "Q4_K_M", revision: "v1" },
      memoryBudget: 8e9,
      memoryThreshold: 0.5,
      contextSize: 2048,
      kvType: "Q8_0",
      allowsSystemPrompt: true,
      kvDiskBudget: 0,
      threads: 3,
      idleUnloadMs: Infinity,
      samplesKeepMs: 0,
      samplesMaxBytes: 4_000_000,
      dataDir: "/somewhere",
      port: 80,
      host: "0.0.0.0",
    });
  });

  it.each([
    ["MEMWELL_MEMORY_BUDGET", "lots"],
    ["MEMWELL_MEMORY_BUDGET", "0"],
    ["MEMWELL_MEMORY_BUDGET", "-5GB"],
    ["MEMWELL_KV_TYPE", "Q3_K"],
    ["MEMWELL_SYSTEM_PROMPT", "yes"],
    ["MEMWELL_KV_DISK_BUDGET", "0"],
    ["MEMWELL_MEMORY_THRESHOLD", "1.5"],
    ["MEMWELL_MEMORY_THRESHOLD", "0"],
    ["MEMWELL_CONTEXT_SIZE", "4k"],
    ["MEMWELL_THREADS", "-1"],
    ["MEMWELL_IDLE_UNLOAD", "soon"],
    ["MEMWELL_SAMPLES_KEEP", "0s"],
    ["MEMWELL_SAMPLES_KEEP", "for ever"],
    ["MEMWELL_SAMPLES_SIZE", "0"],
    ["MEMWELL_RESPONSE_MODEL", "https://example.org/model.gguf"],
    ["MEMWELL_RESPONSE_MODEL", "hf:only-one-part"],
    ["MEMWELL_RESPONSE_MODEL", "hf:org/repo/../../etc/passwd"],
    ["MEMWELL_CACHE_PIN", "org/repo, ../etc/passwd/x"],
    ["MEMWELL_CACHE_PIN", "../etc"],
    ["MEMWELL_CACHE_PIN", "org/repo@/x"],
    ["MEMWELL_CACHE_PIN", "org/repo@a//b"],
    ["MEMWELL_CACHE_GRACE", "a week"],
    ["MEMWELL_DISK_BUDGET", "0"],
    ["HF_ENDPOINT", "huggingface.co"],
    ["HF_ENDPOINT", "file:///etc"],
    ["PORT", "99999"],
  ])("%s=%s stops the start and says what is allowed", (name, value) => {
    const failure = thrownBy(() => loadConfig({ [name]: value }));
    expect(failure.code).toBe("invalid_setting");
    expect(failure.message).toContain(`${name}="${value}"`);
    expect(failure.message).toMatch(/allowed is .+/);
  });

  it("names every bad setting at once, and hides secrets", () => {
    const failure = thrownBy(() => loadConfig({ MEMWELL_THREADS: "x", PORT: "y", MEMWELL_ADMIN_TOKEN: "short" }));
    expect(failure.fields["settings"]).toHaveLength(3);
    expect(failure.message).not.toContain("short");
  });

  it("any environment is a configuration or a typed error", () => {
    const names = [
      "MEMWELL_RESPONSE_MODEL",
      "MEMWELL_MEMORY_BUDGET",
      "MEMWELL_IDLE_UNLOAD",
      "PORT",
      "MEMWELL_CONTEXT_SIZE",
    ];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), fc.string()), (environment) => {
        try {
          loadConfig(environment);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(MemwellError);
        }
      }),
    );
  });
});

describe("absolutePaths", () => {
  it("anchors paths and leaves the Hub's names alone", () => {
    const environment = {
      MEMWELL_RESPONSE_MODEL: "a.gguf",
      MEMWELL_REASONING_MODEL: "hf:a/b",
      MEMWELL_CATALOGUE: "own.json",
      MEMWELL_MANIFEST: "memwell-models.json",
      MEMWELL_BUILTIN_MODELS: "shipped",
      OTHER: "x",
    };
    const { catalogue, manifest, builtInModels } = loadConfig(environment, "/start");
    expect([catalogue, manifest, builtInModels]).toEqual(["/start/own.json", "/start/memwell-models.json", "/start/shipped"]); // prettier-ignore
    expect(absolutePaths(environment, "/start")).toEqual({
      MEMWELL_RESPONSE_MODEL: "/start/a.gguf",
      MEMWELL_REASONING_MODEL: "hf:a/b",
      MEMWELL_CATALOGUE: "/start/own.json",
      MEMWELL_MANIFEST: "/start/memwell-models.json",
      MEMWELL_BUILTIN_MODELS: "/start/shipped",
      MEMWELL_DATA_DIR: "/start/data",
      OTHER: "x",
    });
  });
});

describe("units", () => {
  it.each([
    ["8GB", 8e9],
    ["512MiB", 512 * 1024 ** 2],
    ["16Gi", 16 * 1024 ** 3],
    ["1.5 kb", 1500],
    ["123", 123],
    ["8 apples", null],
    ["", null],
    ["1e9", null],
  ])("%s is %s bytes", (text, bytes) => expect(parseBytes(text)).toBe(bytes));

  it.each([
    ["10m", 600_000],
    ["90s", 90_000],
    ["1.5h", 5_400_000],
    ["250ms", 250],
    ["off", Infinity],
    ["10", null],
    ["m", null],
  ])("%s is %s ms", (text, ms) => expect(parseDuration(text)).toBe(ms));
});

describe("parseModelReference", () => {
  it.each([
    ["hf:org/repo", { repo: "org/repo", file: null, quant: null, revision: null }],
    ["hf:org/repo:Q8_0", { repo: "org/repo", file: null, quant: "Q8_0", revision: null }],
    ["hf:org/repo/m.gguf@main", { repo: "org/repo", file: "m.gguf", quant: null, revision: null }],
    ["hf:org/repo@refs/pr/1", { repo: "org/repo", file: null, quant: null, revision: "refs/pr/1" }],
  ])("%s", (text, expected) => expect(parseModelReference(text, "/")).toEqual({ type: "hub", ...expected }));
});

function thrownBy(action: () => unknown): MemwellError {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof MemwellError) return thrown;
    throw thrown;
  }
  throw new Error("nothing was thrown");
}

describe("the folders that may be audited", () => {
  it("are none unless they are named, each once, and absolute from where Memwell was started", () => {
    expect(loadConfig({}, "/start").auditDirs).toEqual([]);
    const environment = { MEMWELL_AUDIT_DIRS: " models, /data/./models,,models/ " };
    expect(loadConfig(environment, "/start").auditDirs).toEqual(["/start/models", "/data/models"]);
    const moved = absolutePaths(environment, "/start");
    expect(loadConfig(moved, "/elsewhere").auditDirs).toEqual(["/start/models", "/data/models"]);
  });

  it("a setting that names none is refused", () => {
    expect(thrownBy(() => loadConfig({ MEMWELL_AUDIT_DIRS: " , " }))).toMatchObject({ code: "invalid_setting" });
  });
});
