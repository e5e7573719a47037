import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { LlamaContextSequence, Token } from "node-llama-cpp";
import { z } from "zod";
import { MemwellError } from "../../errors";

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
  const draft = `${path}.${randomUUID()}.draft`;
  try {
    await mkdir(dirname(path), { recursive: true });
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
    const { format: _, ...rest } = descriptionSchema.parse(JSON.parse(await readFile(descriptionPath(path), "utf8")));
    return { ...rest, tokens: unpackTokens(rest.tokens) };
  } catch (cause) {
    throw invalidState(path, "its description is missing or unreadable", cause);
  }
}

/**
 * Checks the file against its description, then loads it into the sequence, whose former content is gone either way.
 *
 * @throws MemwellError `state_file_invalid` when the file is missing or damaged; the sequence is empty then.
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

/** A child that was killed while it saved leaves its drafts; nobody writes to one that is this old. */
export async function sweepDrafts(folder: string, name = ""): Promise<void> {
  const oldest = Date.now() - 10 * 60_000;
  for (const found of await readdir(folder)) {
    if (!found.startsWith(name) || !/\.draft(\.json)?$/.test(found)) continue;
    const draft = join(folder, found);
    const changed = await stat(draft).catch(() => null);
    if (changed !== null && changed.mtimeMs < oldest) await rm(draft, { force: true });
  }
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

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
