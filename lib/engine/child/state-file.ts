import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { LlamaContextSequence, Token } from "node-llama-cpp";
import { z } from "zod";
import { MemwellError, messageOf } from "../../errors";

/**
 * A saved sequence is two files: llama.cpp's own state file, and `${path}.json`, which says what it belongs to. llama.cpp
 * may crash on another model's state, so nothing is handed to it that the second file does not vouch for, byte by byte.
 */
const descriptionSchema = z.object({
  format: z.literal(2),
  fingerprint: z.string(),
  kind: z.enum(["conversation", "instructions"]),
  /** What the sequence had evaluated: token ids as 32-bit little-endian integers, in base64. */
  tokens: z.base64().min(1),
  bytes: z.number().int().positive(),
  sha256: z.string(),
});

/** A name that ends with the process that writes it. */
const DRAFT = /\.(\d{1,10})-[0-9a-f-]{36}\.draft(?:\.json)?$/;

/** A context of a million tokens takes 6 MB. */
const MAX_DESCRIPTION_BYTES = 16 * 1024 ** 2;

/** `instructions`: the beginning that many conversations share. `conversation`: all that one sequence held. */
export type StateKind = z.infer<typeof descriptionSchema>["kind"];

export interface StateDescription {
  fingerprint: string;
  kind: StateKind;
  tokens: Token[];
  /** Of the state file. */
  bytes: number;
  sha256: string;
}

/**
 * Saves what a sequence holds; an older state at the same path is replaced whole or not at all.
 *
 * @throws MemwellError `state_file_invalid` when it cannot be written.
 */
export async function writeState(
  sequence: LlamaContextSequence,
  path: string,
  about: { fingerprint: string; kind: StateKind },
): Promise<StateDescription> {
  const draft = `${path}.${process.pid}-${randomUUID()}.draft`;
  try {
    await makePrivateFolder(dirname(path));
    const tokens = sequence.contextTokens;
    await sequence.saveStateToFile(draft);
    const { size: bytes } = await stat(draft);
    const description = { ...about, tokens, bytes, sha256: await hashFile(draft) };
    await writeFile(`${draft}.json`, JSON.stringify({ format: 2, ...description, tokens: packTokens(tokens) }));
    // Both are on the disk before either takes its place: a full disk leaves the former state whole. A crash between the
    // two renames leaves a state whose description does not match it, which is refused when read.
    await rename(draft, path);
    await rename(`${draft}.json`, descriptionPath(path));
    return description;
  } catch (cause) {
    await rm(draft, { force: true });
    await rm(`${draft}.json`, { force: true });
    throw new MemwellError(
      "state_file_invalid",
      `The state could not be written to ${path}: ${messageOf(cause)}. Check free space and permissions.`,
      { path },
      { cause },
    );
  }
}

/** What a saved state says of itself. @throws MemwellError `state_file_invalid` when it says nothing that makes sense. */
export async function readDescription(path: string): Promise<StateDescription> {
  try {
    const found = await lstat(descriptionPath(path));
    // A pipe would block the load for ever, and a file of gigabytes fill the memory it is meant to save.
    if (!found.isFile() || found.size > MAX_DESCRIPTION_BYTES) throw new Error("no such file is written here");
    const { format: _, ...rest } = descriptionSchema.parse(JSON.parse(await readFile(descriptionPath(path), "utf8")));
    return { ...rest, tokens: unpackTokens(rest.tokens) };
  } catch (cause) {
    throw invalidState(path, "its description is missing or unreadable", cause);
  }
}

/**
 * Checks the file against its description, then loads it into the sequence in place of what it held.
 *
 * @throws MemwellError `state_file_invalid`: the file is missing or damaged, and the sequence is as it was; or llama.cpp
 *   refused it, and the sequence is empty.
 */
export async function loadState(
  sequence: LlamaContextSequence,
  path: string,
  description: StateDescription,
): Promise<void> {
  await verifyState(path, description);
  try {
    await sequence.clearHistory();
    await sequence.loadStateFromFile(path, { acceptRisk: true });
  } catch (cause) {
    await sequence.clearHistory();
    throw invalidState(path, messageOf(cause), cause);
  }
}

export async function removeState(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(descriptionPath(path), { force: true });
}

/** What a child that was killed while it saved has left. */
export async function sweepDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const writer = DRAFT.exec(name)?.[1];
    if (writer !== undefined && !isRunning(Number(writer))) await rm(join(folder, name), { force: true });
  }
}

/** Only for who runs Memwell: what a model has evaluated are people's words. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

export function descriptionPath(path: string): string {
  return `${path}.json`;
}

export function invalidState(path: string, why: string, cause?: unknown): MemwellError {
  return new MemwellError(
    "state_file_invalid",
    `The saved state ${basename(path)} cannot be used: ${why}. Delete it; the prompt is then evaluated anew.`,
    { path, reason: why },
    { cause },
  );
}

async function verifyState(path: string, expected: { bytes: number; sha256: string }): Promise<void> {
  let actual: { bytes: number; sha256: string };
  try {
    actual = { bytes: (await stat(path)).size, sha256: await hashFile(path) };
  } catch (cause) {
    throw invalidState(path, "it is missing or unreadable", cause);
  }
  if (actual.bytes !== expected.bytes || actual.sha256 !== expected.sha256)
    throw invalidState(path, "its content is not what was saved");
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 ** 2 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

function packTokens(tokens: readonly Token[]): string {
  const bytes = Buffer.alloc(tokens.length * 4);
  for (const [index, token] of tokens.entries()) bytes.writeInt32LE(token, index * 4);
  return bytes.toString("base64");
}

function unpackTokens(text: string): Token[] {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length === 0 || bytes.length % 4 !== 0) throw new Error("no whole number of tokens");
  return Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readInt32LE(index * 4) as Token);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // EPERM: it runs, and is somebody else's.
    return thrown instanceof Error && "code" in thrown && thrown.code === "EPERM";
  }
}
