import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  readGgufHeader,
  writeGguf,
  writeSyntheticModel,
  type GgufHeader,
  type GgufMetadata,
  type GgufTensorInfo,
  type SyntheticShape,
} from "../../lib/gguf";
import { buildVocabulary, TOKEN_CONTROL, TOKEN_NORMAL, type Vocabulary } from "../../lib/gguf/vocabulary";
import { ensureFixtureModel, FIXTURE_SHAPES } from "../../tests/fixtures/models";
import { raise } from "../support/measure";
import { ANSWER_LABELS, encode, learnVocabulary, type EnglishVocabulary } from "./vocabulary";

export type TurnShape = "m135" | "b1_1";

const CONTEXT_LENGTH = 4096;
/** Counted up when this file makes other bytes of the same vocabulary. */
const VERSION = 1;

/**
 * The two models of a turn, written when they are asked for first, beside the fixtures: random weights of a fixture's shape,
 * and otherwise what a turn's cost depends on as it is in use:
 *
 * - an English vocabulary (see `learnVocabulary`);
 * - no answer ends by itself, so that all are as long as they may be;
 * - every answer to a decision is equally likely, so that the rules decide, and the same in each run.
 *
 * @returns the paths of both. They differ in their weights, so that they are two processes.
 */
export async function ensureTurnModels(name: TurnShape): Promise<{ response: string; reasoning: string }> {
  const english = learnVocabulary(10_000);
  const shape: SyntheticShape = { ...FIXTURE_SHAPES[name], contextLength: CONTEXT_LENGTH };
  const folder = dirname(await ensureFixtureModel("tiny"));
  return {
    response: await ensureModel(folder, `turn-response-${name}`, shape, english),
    reasoning: await ensureModel(
      folder,
      `turn-reasoning-${name}`,
      { ...shape, seed: shape.seed + 50, thinks: true },
      english,
    ),
  };
}

async function ensureModel(
  folder: string,
  label: string,
  shape: SyntheticShape,
  english: EnglishVocabulary,
): Promise<string> {
  const hash = createHash("sha256")
    .update(JSON.stringify([VERSION, shape, english]))
    .digest("hex")
    .slice(0, 12);
  const path = join(folder, `${label}-${hash}.gguf`);
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists) return path;
  // One of earlier prompts would never be used again.
  for (const name of await readdir(folder))
    if (name.startsWith(`${label}-`)) await rm(join(folder, name), { force: true });
  const plain = `${path}.plain-${process.pid}`;
  try {
    await writeSyntheticModel(plain, shape);
    await rewrite(plain, path, shape, english);
  } finally {
    await rm(plain, { force: true });
  }
  return path;
}

async function rewrite(from: string, to: string, shape: SyntheticShape, english: EnglishVocabulary): Promise<void> {
  const header = await readGgufHeader(from);
  const made = buildVocabulary(shape.vocabularySize, shape.seed, shape.thinks === true);
  const { tokens, types, messageEnd } = translate(made, english);
  const labels = ANSWER_LABELS.map((label) => tokens.indexOf(encode(label)));
  const metadata: GgufMetadata = new Map(header.metadata);
  metadata.set("tokenizer.ggml.tokens", { type: "array", itemType: "string", value: tokens });
  metadata.set("tokenizer.ggml.token_type", { type: "array", itemType: "int32", value: types });
  const merges = english.merges.map((pair) => pair.join(" "));
  metadata.set("tokenizer.ggml.merges", { type: "array", itemType: "string", value: merges });
  metadata.set("tokenizer.ggml.eos_token_id", { type: "uint32", value: messageEnd });
  const tensors = header.tensors.map((tensor) => {
    const { name, shape: size, type } = tensor;
    const read = () => bytesOf(from, header, tensor);
    return {
      name,
      shape: size,
      type,
      data: name === "output.weight" ? () => withEqualRows(read(), tensor, labels) : read,
    };
  });
  await writeGguf(to, { metadata, tensors });
}

/** The made-up words of a vocabulary as English ones; ids keep what the weights know of them. */
function translate(made: Vocabulary, english: EnglishVocabulary): Pick<Vocabulary, "tokens" | "types" | "messageEnd"> {
  const types = Int32Array.from(made.types);
  // Whatever has no text of its own below is written by nobody.
  const tokens = made.tokens.map((text, id) => (id < 256 || types[id] !== TOKEN_NORMAL ? text : `<unused-${id}>`));
  const left = new Set(english.merges.map(([first, second]) => first + second));
  const give = (id: number, text: string): void => {
    tokens[id] = text;
    left.delete(text);
  };
  if (made.paragraph !== null) give(made.paragraph, encode("\n\n"));
  const labels = new Set(ANSWER_LABELS.map(encode));
  const kinds = made.answerWords === made.thoughtWords ? [made.answerWords] : [made.answerWords, made.thoughtWords];
  for (const [kind, { bare, spaced }] of kinds.entries()) {
    for (const [ids, words] of [
      [bare, english.bareWords],
      [spaced, english.spacedWords],
    ] as const) {
      const own = words.filter((word, index) => index % kinds.length === kind && !labels.has(word));
      for (const [rank, word] of own.entries()) give(ids[rank] ?? raise("too small a vocabulary"), word);
    }
  }
  // What the weights end an answer with becomes a word, and the mark that ends one becomes a token they never choose.
  const free = tokens.flatMap((text, id) => (text === `<unused-${id}>` ? [id] : [])).reverse();
  const messageEnd = free.shift() ?? raise("too small a vocabulary");
  give(messageEnd, tokens[made.messageEnd] ?? raise("no end"));
  types[messageEnd] = TOKEN_CONTROL;
  types[made.messageEnd] = TOKEN_NORMAL;
  free.unshift(made.messageEnd);
  for (const text of [...left].sort((one, other) => other.length - one.length))
    give(free.shift() ?? raise("too small a vocabulary"), text);
  return { tokens, types, messageEnd };
}

function bytesOf(
  path: string,
  { dataOffset }: GgufHeader,
  { offset, bytes }: GgufTensorInfo,
): AsyncIterable<Uint8Array> {
  const start = dataOffset + offset;
  return createReadStream(path, { start, end: start + bytes - 1 });
}

/** All of these rows as the first of them. */
async function* withEqualRows(
  data: AsyncIterable<Uint8Array>,
  { shape, bytes }: GgufTensorInfo,
  rows: number[],
): AsyncGenerator<Uint8Array, void, void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of data) chunks.push(chunk);
  const whole = Buffer.concat(chunks);
  const rowBytes = bytes / (shape[1] ?? raise("no rows"));
  const [first = raise("no rows"), ...others] = rows;
  for (const row of others) whole.copy(whole, row * rowBytes, first * rowBytes, (first + 1) * rowBytes);
  yield whole;
}
