import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { CurriculumError } from "./curriculum-error";
import { topicSchema, type Topic, type TopicText } from "./topic-schema";

/** In bytes; a topic takes about six thousand. */
const LARGEST_FILE = 256 * 1024;

export interface Curriculum {
  /** In the order of their ids. */
  topics: Topic[];
  /** SHA-256 over all files, in hexadecimal: which curriculum a model has learned. */
  sha256: string;
}

/**
 * Reads `topics/SUBJECT/TOPIC.yaml`, which the base models learn, and `domains/DOMAIN/TOPIC.yaml`, which the adapters learn.
 *
 * @param folder of the curriculum
 * @throws CurriculumError naming the file and the field; a file system error when the folder cannot be read
 */
export async function readCurriculum(folder: string): Promise<Curriculum> {
  const files = [...(await yamlFiles(folder, "topics")), ...(await yamlFiles(folder, "domains"))];
  const hash = createHash("sha256");
  const topics: Topic[] = [];
  for (const file of files) {
    const bytes = await readFile(path.join(folder, file));
    if (bytes.length > LARGEST_FILE) throw new CurriculumError(file, "", `it has ${bytes.length} bytes`);
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
    const [kind = "", subject = "", name = ""] = file.split("/");
    const domain = kind === "domains" ? subject : null;
    topics.push({ ...readTopic(file, bytes.toString("utf8")), id: `${subject}/${name.slice(0, -5)}`, subject, domain });
  }
  if (topics.length === 0) throw new CurriculumError(folder, "", "there is no topic in it");
  refuseDoubles(topics);
  return { topics, sha256: hash.digest("hex") };
}

/** @throws CurriculumError */
export function readTopic(file: string, text: string): TopicText {
  let written: unknown;
  try {
    // Aliases could make a small file a large one.
    written = parse(text, { maxAliasCount: 0 });
  } catch (cause) {
    throw new CurriculumError(file, "", `it is no YAML: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const read = topicSchema.safeParse(written);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new CurriculumError(file, fieldOf(issue?.path ?? []), issue?.message ?? "it is not as the format wants it");
  }
  const topic = read.data;
  for (const [index, question] of topic.practice.entries()) {
    if (!("accept" in question)) continue;
    const accepted = new Set(question.accept.map(plain));
    const both = question.mistakes.find((mistake) => accepted.has(plain(mistake)));
    if (both !== undefined)
      throw new CurriculumError(file, `practice[${index}].mistakes`, `${both} is accepted and a mistake`);
  }
  return topic;
}

function plain(text: string): string {
  return text.toLowerCase().replace(/\s+/g, "");
}

function fieldOf(keys: readonly PropertyKey[]): string {
  return keys
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");
}

function refuseDoubles(topics: readonly Topic[]): void {
  const seen = new Set<string>();
  for (const { id, domain } of topics) {
    const key = `${domain ?? ""}:${id}`;
    if (seen.has(key)) throw new CurriculumError(id, "name", "a second topic has this id");
    seen.add(key);
  }
}

async function yamlFiles(folder: string, part: string): Promise<string[]> {
  const found = await readdir(path.join(folder, part), { recursive: true }).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === "ENOENT" && part === "domains") return [];
    throw thrown;
  });
  const names = found.map((name) => `${part}/${name.split(path.sep).join("/")}`);
  return names.filter((name) => /^[a-z]+\/[a-z0-9-]+\/[a-z0-9-]+\.yaml$/.test(name)).sort();
}
