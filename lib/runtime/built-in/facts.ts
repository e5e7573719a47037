import type { Config } from "../../config";
import { MemwellError, toMemwellError, type ErrorRecord } from "../../errors";
import { readModel, type GgufMetadata } from "../../gguf";
import { builtInFile, builtInId } from "./files";

/** What a built-in model says of itself, so that people know what to ask it. */
export interface BuiltInAbout {
  parameters: number;
  /** By name, in the order of the file. */
  topics: string[];
  /** Tokens it was trained for. */
  contextSize: number;
  license: string | null;
}

/** What was read of the built-in files, by their paths: what they say, or what is wrong with them. */
export type BuiltInFacts = ReadonlyMap<string, BuiltInAbout | { error: ErrorRecord }>;

const MOST_TOPICS = 500;
const LONGEST_NAME = 100;

/** Reads the headers of the built-in models; never throws. */
export async function readBuiltInFacts(config: Config): Promise<BuiltInFacts> {
  const facts = new Map<string, BuiltInAbout | { error: ErrorRecord }>();
  for (const role of ["response", "reasoning"] as const) {
    const path = builtInFile(config, role);
    if (path !== null)
      facts.set(path, await readAbout(path).catch((thrown: unknown) => failed(builtInId(role), thrown)));
  }
  return facts;
}

async function readAbout(path: string): Promise<BuiltInAbout> {
  const { summary, metadata } = await readModel(path);
  const license = metadata.get("general.license");
  return {
    parameters: summary.parameters,
    topics: topicsOf(metadata),
    contextSize: summary.contextLength,
    license: license?.type === "string" ? license.value.slice(0, LONGEST_NAME) : null,
  };
}

/** What is no name is left out: the file may be anybody's. */
function topicsOf(metadata: GgufMetadata): string[] {
  const entry = metadata.get("memwell.topics");
  if (entry?.type !== "array" || entry.itemType !== "string") return [];
  const names = Array.from(entry.value as ArrayLike<unknown>)
    .slice(0, MOST_TOPICS)
    .map(String);
  const plain = names.map((name) =>
    name
      .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "")
      .trim()
      .slice(0, LONGEST_NAME),
  );
  return [...new Set(plain)].filter((name) => name !== "");
}

function failed(model: string, thrown: unknown): { error: ErrorRecord } {
  const { code, message, fields, cause } = toMemwellError(thrown);
  return { error: new MemwellError(code, message, { ...fields, model }, { cause }).toRecord() };
}
