import { beforeAll, describe, expect, it } from "vitest";
import { makePlan, profilesOf, type AuditReport, type Profile, type ProfileName } from "../../../lib/audit";
import { auditGrown, scratch } from "./support";

const { fresh } = scratch();
let report: AuditReport;

beforeAll(async () => {
  ({ report } = await auditGrown(fresh));
}, 60_000);

const profilesFor = (given: Parameters<typeof profilesOf>[2] = {}) =>
  profilesOf(report, makePlan(report, given), given);
const named = (profiles: Profile[], name: ProfileName): Profile =>
  profiles.find(({ profile }) => profile === name) ?? expect.fail(name);
const pathsOf = ({ models }: Profile) => models.map(({ path }) => path);
const sum = (...sizes: number[]) => sizes.reduce((all, size) => all + size, 0);

describe("what each profile would hold of the repository that grew", () => {
  it("development: one quant of each model, finished adapters, and no dataset, archive or step in between", () => {
    const profile = named(profilesFor(), "development");
    expect(pathsOf(profile)).toEqual(
      expect.arrayContaining([
        "models/gguf/tutor-1.1b-Q4_K_M.gguf",
        "models/gguf/reasoner-1.5b-Q4_K_M.gguf",
        "models/adapters/law/law-lora.gguf",
        "models/adapters/law/checkpoint-1500",
      ]),
    );
    expect(pathsOf(profile).filter((path) => /Q8_0|F16|experiment|checkpoint-500|-cache/.test(path))).toEqual([]);
    // What training would go on with is 236 MB of each 354.
    const trained = profile.models.find(({ path }) => path === "models/adapters/law/checkpoint-1500");
    expect(trained?.apparent_size).toBe(118_000_181);
    expect(profile.program_size).toBe(100_000_000 + 257 + 68 + 77 + 948);
    expect(profile.size).toBe(profile.program_size + profile.models_size);
  });

  it("mobile: the smallest quant of the model that answers, and three domains; without settings, the lightest", () => {
    const profile = named(profilesFor(), "mobile");
    expect(pathsOf(profile)).toEqual([
      "models/gguf/tutor-1.1b-Q4_K_M.gguf",
      "models/adapters/law/law-lora.gguf",
      "models/adapters/design/design-lora.gguf",
      "models/adapters/business/business-lora.gguf",
    ]);
    expect(profile.models_size).toBe(sum(670_000_000, 13_000_012, 13_000_024, 13_000_032));
    expect(profile.elsewhere).toContain("cloud");
  });

  it("mobile: the models and the first three domains of the settings, when they name some", () => {
    const needed = {
      paths: ["models/gguf/reasoner-1.5b-Q8_0.gguf", "models/adapters/education/education-lora.gguf"],
      repos: [],
      domains: [
        { name: "education", path: "models/adapters/education/education-lora.gguf" },
        { name: "law", path: null },
      ],
    };
    const profile = named(profilesFor({ needed }), "mobile");
    // The adapter that bears the name of a domain counts as its own, wherever the settings have theirs from.
    expect(pathsOf(profile)).toEqual([
      "models/gguf/reasoner-1.5b-Q4_K_M.gguf",
      "models/adapters/education/education-lora.gguf",
      "models/adapters/law/law-lora.gguf",
    ]);
    expect(profile.domains).toEqual(["education", "law"]);
    expect(pathsOf(named(profilesFor({ needed }), "desktop"))).toContain("models/gguf/reasoner-1.5b-Q8_0.gguf");
  });

  it("desktop: each model once; cloud: the same on a volume, and an image without models", () => {
    const profiles = profilesFor();
    const [desktop, cloud] = [named(profiles, "desktop"), named(profiles, "cloud")];
    expect(pathsOf(desktop)).toContain("models/full-cache/models--org--large-chat");
    // All of its bytes are in the second cache.
    expect(pathsOf(desktop)).not.toContain("models/third-cache/models--org--tutor-base");
    // Only one of its two formats.
    const base = desktop.models.find(({ path }) => path === "models/second-cache/models--org--tutor-base");
    expect(base?.apparent_size).toBe(5_180_159_993 - 2_590_000_000);
    expect(desktop).toMatchObject({ size: desktop.program_size + desktop.models_size, volume_size: 0 });
    expect(cloud).toMatchObject({ size: cloud.program_size, volume_size: desktop.models_size });
    expect(cloud.models).toEqual(desktop.models);
    expect(new Set(pathsOf(desktop)).size).toBe(desktop.models.length);
  });
});
