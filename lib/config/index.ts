import { resolve } from "node:path";
import { z } from "zod";
import { MemwellError } from "../errors";
import type { Environment } from "./absolute-paths";
import { parseDomains, type Domain } from "./domains";
import { isEndpoint, readHubSettings, type HubConfig } from "./hub-settings";
import { MODEL_REFERENCE_FORMS, parseModelReference } from "./model-reference";
import { ANALYTICS_SETTINGS, analyticsConfig, type AnalyticsConfig } from "./analytics-settings";
import { AUDIT_DIRS_FORM, parseAuditDirs } from "./audit-dirs";
import { parsed, positive, wholeNumber } from "./parsed";
import { parsePins, PIN_FORMS } from "./pins";
import { parseBytes, parseDuration } from "./units";

export { absolutePaths, type Environment } from "./absolute-paths";
export { AUTO_DOMAIN, NO_DOMAIN, type Domain } from "./domains";
export type { AnalyticsConfig } from "./analytics-settings";
export type { HubConfig } from "./hub-settings";
export { formatModelReference, parseModelReference, type ModelReference } from "./model-reference";
export { formatBytes, parseBytes, parseDuration } from "./units";

const domains = (folder: string) =>
  z.string().transform((text, context) => {
    const value = parseDomains(text, folder);
    if (typeof value === "string") context.addIssue({ code: "custom", message: value });
    return value as Domain[];
  });

const orAuto = (text: string): number | "auto" | null => (text.trim() === "auto" ? "auto" : wholeNumber(text));

const SYSTEM_PROMPTS = ["allow", "deny"] as const;
const KV_TYPES = ["F16", "Q8_0", "Q4_0"] as const;

function settingsSchema(folder: string) {
  const model = parsed((text) => parseModelReference(text, folder), MODEL_REFERENCE_FORMS)
    .nullable()
    .default(null);
  const path = z
    .string()
    .transform((text) => resolve(folder, text))
    .nullable()
    .default(null);
  return z.object({
    MEMWELL_RESPONSE_MODEL: model,
    MEMWELL_REASONING_MODEL: model,
    MEMWELL_RESPONSE_ADAPTER: model,
    MEMWELL_DOMAINS: domains(folder).default([]),
    MEMWELL_MEMORY_BUDGET: parsed(
      (text) => positive(parseBytes(text)),
      'a size above zero, such as "8GB", "512MiB" or a number of bytes',
    )
      .nullable()
      .default(null),
    MEMWELL_MEMORY_THRESHOLD: parsed((text) => {
      const share = Number(text);
      return text.trim() !== "" && share > 0 && share <= 1 ? share : null;
    }, "a share above 0 and up to 1, such as 0.8").default(0.8),
    MEMWELL_CONTEXT_SIZE: parsed(orAuto, '"auto", or a number of tokens above zero').default("auto"),
    MEMWELL_KV_TYPE: parsed(
      (text) => KV_TYPES.find((type) => type === text.trim().toUpperCase()) ?? null,
      `one of ${KV_TYPES.join(", ")}`,
    ).default("F16"),
    MEMWELL_KV_DISK_BUDGET: parsed(
      (text) => (text.trim() === "off" ? 0 : positive(parseBytes(text))),
      'a size above zero, such as "2GB", or "off"',
    ).default(2e9),
    MEMWELL_THREADS: parsed(orAuto, '"auto", or a number of threads above zero').default("auto"),
    MEMWELL_IDLE_UNLOAD: parsed(
      (text) => positive(parseDuration(text)),
      'a time above zero, such as "10m", "90s" or "1h", or "off"',
    ).default(600_000),
    MEMWELL_SAMPLES_KEEP: parsed(
      (text) => (text.trim().toLowerCase() === "off" ? 0 : positive(parseDuration(text))),
      'a time above zero, such as "7d" or "12h", or "off"',
    ).default(604_800_000),
    MEMWELL_SAMPLES_SIZE: parsed((text) => positive(parseBytes(text)), 'a size above zero, such as "16MB"').default(
      16e6,
    ),
    MEMWELL_CATALOGUE: path,
    MEMWELL_MANIFEST: path,
    MEMWELL_BUILTIN_MODELS: path,
    MEMWELL_AUDIT_DIRS: parsed((text) => parseAuditDirs(text, folder), AUDIT_DIRS_FORM).default([]),
    MEMWELL_DATA_DIR: z.string().default("data"),
    MEMWELL_AGENT: z.string().default("tutor"),
    MEMWELL_SYSTEM_PROMPT: parsed(
      (text) => SYSTEM_PROMPTS.find((choice) => choice === text.trim().toLowerCase()) ?? null,
      SYSTEM_PROMPTS.join(" or "),
    ).default("deny"),
    MEMWELL_CACHE_PIN: parsed(parsePins, PIN_FORMS).default([]),
    MEMWELL_CACHE_GRACE: parsed(
      (text) => (text.trim() === "0" ? 0 : parseDuration(text)),
      'a time such as "7d" or "12h", or 0',
    ).default(604_800_000),
    MEMWELL_DISK_BUDGET: parsed((text) => positive(parseBytes(text)), 'a size above zero, such as "30GB"')
      .nullable()
      .default(null),
    HF_ENDPOINT: z.string().refine(isEndpoint, "an address such as https://huggingface.co").optional(),
    ...ANALYTICS_SETTINGS,
    MEMWELL_ADMIN_TOKEN: z.string().min(8, "a text of at least 8 characters").nullable().default(null),
    MEMWELL_HOST: z.string().nullable().default(null),
    PORT: parsed((text) => {
      const port = /^\d+$/.test(text.trim()) ? Number(text) : NaN;
      return port >= 1 && port <= 65535 ? port : null;
    }, "a port from 1 to 65535").default(7860),
    SPACE_ID: z.string().nullable().default(null),
    // Set by a Space, not by its owner: what cannot be read there is no reason to stop.
    MEMORY: z.string().nullable().default(null),
  });
}

/** All settings, parsed. Sizes in bytes, times in ms, paths absolute. */
export interface Config {
  responseModel: z.infer<ReturnType<typeof settingsSchema>>["MEMWELL_RESPONSE_MODEL"];
  reasoningModel: z.infer<ReturnType<typeof settingsSchema>>["MEMWELL_REASONING_MODEL"];
  responseAdapter: z.infer<ReturnType<typeof settingsSchema>>["MEMWELL_RESPONSE_ADAPTER"];
  /** Adapters on the response model, from which a turn chooses one. */
  domains: Domain[];
  /** Roles whose model was chosen from the catalogue: the settings do not name one. */
  chosenRoles: ("response" | "reasoning")[];
  /** A file with the models to choose from, or null for those that Memwell ships with. */
  catalogue: string | null;
  /** A file that says where models lie on the Hub that belong beside it, or null. */
  manifest: string | null;
  /** The folder of the models that Memwell ships with, whatever of them is there; null: none. Programs know a default. */
  builtInModels: string | null;
  /** The user's own cap, or null for the machine's limit. */
  memoryBudget: number | null;
  memoryThreshold: number;
  /** A Space's memory as its environment names it ("16Gi"), or null elsewhere. */
  spaceMemory: string | null;
  contextSize: number | "auto";
  /** How a context stores keys and values. */
  kvType: (typeof KV_TYPES)[number];
  /** Bytes that saved sequences may take on disk; 0: none are kept. */
  kvDiskBudget: number;
  threads: number | "auto";
  /** `Infinity`: never. */
  idleUnloadMs: number;
  /** How long samples of memory are kept, in ms; 0: none are taken. */
  samplesKeepMs: number;
  /** Bytes that they may take in the database. */
  samplesMaxBytes: number;
  /** The prompt library that makes the agent what it is; the runtime knows which there are. */
  agent: string;
  /** Whether visitors of the chat may tell the agent a system prompt of their own. */
  allowsSystemPrompt: boolean;
  /** Folders whose storage may be audited, and cleaned, from the page; the command line may audit any. */
  auditDirs: string[];
  dataDir: string;
  hub: HubConfig;
  /** `ORG/REPO` or `ORG/REPO@REVISION`: what cleaning the cache leaves alone, whatever else it removes. */
  cachePins: string[];
  /** How old a revision without a ref must be before `cache prune` takes it, in ms. */
  cacheGraceMs: number;
  /** Bytes that the models in the Hugging Face cache may take; null: as much as the disk has. */
  diskBudget: number | null;
  analytics: AnalyticsConfig;
  adminToken: string | null;
  host: string;
  port: number;
}

/**
 * Reads the settings from an environment; an empty text counts as not set.
 *
 * @param folder where relative paths count from.
 * @throws MemwellError `invalid_setting` naming every bad setting, its value, and what is allowed.
 */
export function loadConfig(environment: Environment, folder: string = process.cwd()): Config {
  const schema = settingsSchema(folder);
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])),
  );
  const result = schema.safeParse(given);
  if (!result.success) throw badSettings(result.error.issues, given);
  const settings = result.data;
  return {
    responseModel: settings.MEMWELL_RESPONSE_MODEL,
    reasoningModel: settings.MEMWELL_REASONING_MODEL,
    responseAdapter: settings.MEMWELL_RESPONSE_ADAPTER,
    domains: settings.MEMWELL_DOMAINS,
    chosenRoles: [],
    catalogue: settings.MEMWELL_CATALOGUE,
    manifest: settings.MEMWELL_MANIFEST,
    builtInModels: settings.MEMWELL_BUILTIN_MODELS,
    memoryBudget: settings.MEMWELL_MEMORY_BUDGET,
    memoryThreshold: settings.MEMWELL_MEMORY_THRESHOLD,
    spaceMemory: settings.MEMORY,
    contextSize: settings.MEMWELL_CONTEXT_SIZE,
    kvType: settings.MEMWELL_KV_TYPE,
    kvDiskBudget: settings.MEMWELL_KV_DISK_BUDGET,
    threads: settings.MEMWELL_THREADS,
    idleUnloadMs: settings.MEMWELL_IDLE_UNLOAD,
    samplesKeepMs: settings.MEMWELL_SAMPLES_KEEP,
    samplesMaxBytes: settings.MEMWELL_SAMPLES_SIZE,
    auditDirs: settings.MEMWELL_AUDIT_DIRS,
    dataDir: resolve(folder, settings.MEMWELL_DATA_DIR),
    agent: settings.MEMWELL_AGENT,
    allowsSystemPrompt: settings.MEMWELL_SYSTEM_PROMPT === "allow",
    hub: readHubSettings(environment, folder),
    cachePins: settings.MEMWELL_CACHE_PIN,
    cacheGraceMs: settings.MEMWELL_CACHE_GRACE,
    diskBudget: settings.MEMWELL_DISK_BUDGET,
    analytics: analyticsConfig(settings),
    adminToken: settings.MEMWELL_ADMIN_TOKEN,
    // A Space must be reached from outside; on anybody's own machine that is for its owner to say.
    host: settings.MEMWELL_HOST ?? (settings.SPACE_ID === null ? "127.0.0.1" : "0.0.0.0"),
    port: settings.PORT,
  };
}

function badSettings(issues: z.core.$ZodIssue[], given: Environment): MemwellError {
  const settings = issues.map((issue) => {
    const name = String(issue.path[0]);
    const secret = /(?:TOKEN|WEBHOOK)$/.test(name);
    return { name, value: secret ? "(hidden)" : (given[name] ?? ""), allowed: issue.message };
  });
  const lines = settings.map(({ name, value, allowed }) => `  ${name}="${value}": allowed is ${allowed}`);
  return new MemwellError(
    "invalid_setting",
    `${settings.length === 1 ? "A setting is" : "Some settings are"} not valid:\n${lines.join("\n")}\nCorrect or unset it, and start again.`,
    { settings },
  );
}
