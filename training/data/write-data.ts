import { createWriteStream } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { once } from "node:events";
import path from "node:path";
import { createCalculator, createToolRegistry, register } from "../../lib/agent";
import { formatOf } from "../format";
import { CurriculumError } from "./curriculum-error";
import { Dice } from "./dice";
import { mixScenes } from "./mix";
import { offeredDomains } from "./offered-domains";
import { readCurriculum } from "./read-curriculum";
import { answerRecord, reasoningRecords, type TrainingRecord } from "./records";
import { talkSourceOf } from "./scenes/talk-scenes";
import { readTalk } from "./talk";

export type ModelKind = "response" | "reasoning";

export interface DataRequest {
  model: ModelKind;
  /** Of the curriculum. */
  folder: string;
  /** Where `data.jsonl` and `about.json` go. */
  out: string;
  scenes: number;
  seed: string;
  /** Only topics of this domain, for its adapter; null: those of the base, and for the reasoning model those of all domains. */
  domain: string | null;
  /** Only these, by id; all when empty. */
  only: readonly string[];
}

/** Share of the answers that are learned to their end. */
const WHOLE = 0.2;
/**
 * What a topic is asked in countless ways, and the response model has no notes to go by when it is asked to explain: that takes
 * most of the showing.
 */
const EXPLAINED: Record<ModelKind, number> = { response: 40, reasoning: 8 };
/** The reasoning model may be missing, and what it wrote cut off. */
const WITH_NOTES = 0.85;

/**
 * Writes training data, one JSON record a line, and beside it what the trainer must know of it.
 *
 * @returns the number of records
 * @throws CurriculumError, a file system error
 */
export async function writeData(request: DataRequest): Promise<number> {
  const { model, folder, out, scenes, seed } = request;
  const whole = await readCurriculum(folder);
  // One reasoning model works for all adapters of the response model, and tells them apart.
  const isAnyDomain = model === "reasoning" && request.domain === null;
  const topics = whole.topics.filter(
    ({ id, domain }) =>
      (isAnyDomain || domain === request.domain) && (request.only.length === 0 || request.only.includes(id)),
  );
  const others = {
    known: request.domain === null ? [] : whole.topics.filter(({ domain }) => domain === null),
    elsewhere: isAnyDomain || request.domain !== null ? [] : whole.topics.filter(({ domain }) => domain !== null),
  };
  const domains = [...new Set(whole.topics.flatMap(({ domain }) => domain ?? []))];
  if (topics.length === 0)
    throw new CurriculumError(folder, "", "there is no topic in it of the kind that was asked for");
  const talk = await readTalk(path.join(folder, "talk.yaml"));
  // The lists are the same for both models and all adapters.
  const source = talkSourceOf(talk, whole.topics, new Dice("lists"));
  const calculator = createCalculator();
  const tools = createToolRegistry([register(calculator)]);
  const dice = new Dice(`${model}.${request.domain ?? "base"}.${seed}`);
  await mkdir(out, { recursive: true });
  const file = createWriteStream(path.join(out, "data.jsonl.part"));
  let records = 0;
  const write = async (record: TrainingRecord): Promise<void> => {
    records += 1;
    if (!file.write(`${JSON.stringify(record)}\n`)) await once(file, "drain");
  };
  try {
    let left = scenes;
    for await (const scene of mixScenes(
      { curriculum: { ...whole, topics }, ...others, explained: EXPLAINED[model], source, tools },
      dice,
    )) {
      if (left-- <= 0) break;
      if (model === "reasoning")
        for (const record of reasoningRecords(scene, offeredDomains(scene, domains, dice))) await write(record);
      else await write(await answerRecord(scene, { dice, whole: WHOLE, withNotes: dice.chance(WITH_NOTES) }));
    }
  } finally {
    await calculator.close();
    file.end();
    await once(file, "close");
  }
  await rename(path.join(out, "data.jsonl.part"), path.join(out, "data.jsonl"));
  const about = {
    model,
    domain: request.domain,
    seed,
    scenes,
    records,
    curriculumSha256: whole.sha256,
    topics: topics.map(({ id, name }) => ({ id, name })),
    format: formatOf({ thinks: model === "reasoning" }),
  };
  await writeFile(path.join(out, "about.json"), `${JSON.stringify(about, null, 2)}\n`);
  return records;
}
