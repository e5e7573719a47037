import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { MemwellError } from "../../errors";
import type { RestoreStateRequest, RestoreStateResult, SaveStateRequest, SaveStateResult } from "../contract";
import { contextOf, messageOf, type Host } from "./host";

/**
 * A saved sequence is two files: llama.cpp's own state file, and `${path}.json`, which says what it belongs to. llama.cpp
 * may crash on another model's state, so nothing is handed to it that the second file does not vouch for, byte by byte.
 */
const sidecarSchema = z.object({
  format: z.literal(1),
  fingerprint: z.string(),
  tokens: z.number().int().positive(),
  bytes: z.number().int().positive(),
  sha256: z.string(),
});

/** @throws MemwellError `invalid_request` for an empty or unknown slot, `state_file_invalid` when it cannot be written. */
export async function saveState(host: Host, request: SaveStateRequest, signal: AbortSignal): Promise<SaveStateResult> {
  const hosted = contextOf(host, request.context);
  const lease = await hosted.slots.leaseSlot(request.slot, signal);
  try {
    const { sequence } = lease.slot;
    const tokens = sequence.nextTokenIndex;
    if (tokens === 0)
      throw new MemwellError(
        "invalid_request",
        `Slot ${request.slot} holds nothing yet, so there is nothing to save.`,
        {
          parameter: "slot",
        },
      );
    const draft = `${request.path}.${randomUUID()}.draft`;
    try {
      await mkdir(dirname(request.path), { recursive: true });
      await sweepDrafts(request.path);
      await sequence.saveStateToFile(draft);
      const { size: bytes } = await stat(draft);
      const sidecar = { format: 1, fingerprint: hosted.fingerprint, tokens, bytes, sha256: await hashFile(draft) };
      await writeFile(`${draft}.json`, JSON.stringify(sidecar));
      // Both are on the disk before either takes its place: a full disk leaves the former state whole. A crash between the
      // two renames leaves a state whose description does not match it, which is refused when read.
      await rename(draft, request.path);
      await rename(`${draft}.json`, sidecarPath(request.path));
      return { tokens, bytes };
    } catch (cause) {
      await rm(draft, { force: true });
      await rm(`${draft}.json`, { force: true });
      throw new MemwellError(
        "state_file_invalid",
        `The state could not be written to ${request.path}: ${messageOf(cause)}. Check free space and permissions.`,
        { path: request.path },
        { cause },
      );
    }
  } finally {
    lease.release();
  }
}

/**
 * @throws MemwellError `state_file_invalid` when the file is missing, damaged, or belongs to another model, adapter or
 *   library version. The slot it would have gone to may be empty then; no other has changed.
 */
export async function restoreState(
  host: Host,
  request: RestoreStateRequest,
  signal: AbortSignal,
): Promise<RestoreStateResult> {
  const hosted = contextOf(host, request.context);
  const expected = await readSidecar(request.path);
  if (expected.fingerprint !== hosted.fingerprint)
    throw invalid(request.path, "it belongs to another model, adapter or library version");
  if (expected.tokens > hosted.context.contextSize)
    throw invalid(request.path, `its ${expected.tokens} tokens do not fit a context of ${hosted.context.contextSize}`);
  await verifyState(request.path, expected);
  const lease = await hosted.slots.leaseOldest(signal);
  try {
    const { sequence, index } = lease.slot;
    await sequence.clearHistory();
    await sequence.loadStateFromFile(request.path, { acceptRisk: true });
    lease.slot.promptLength = sequence.nextTokenIndex;
    return { slot: index, tokens: sequence.nextTokenIndex };
  } catch (cause) {
    await lease.slot.sequence.clearHistory();
    throw invalid(request.path, messageOf(cause), cause);
  } finally {
    lease.release();
  }
}

/** A child that was killed while it saved leaves its drafts; nobody writes to one that is this old. */
async function sweepDrafts(path: string): Promise<void> {
  const oldest = Date.now() - 10 * 60_000;
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(`${basename(path)}.`) || !/\.draft(\.json)?$/.test(name)) continue;
    const draft = join(dirname(path), name);
    const changed = await stat(draft).catch(() => null);
    if (changed !== null && changed.mtimeMs < oldest) await rm(draft, { force: true });
  }
}

async function readSidecar(path: string): Promise<z.infer<typeof sidecarSchema>> {
  try {
    return sidecarSchema.parse(JSON.parse(await readFile(sidecarPath(path), "utf8")));
  } catch (cause) {
    throw invalid(path, "its description is missing or unreadable", cause);
  }
}

async function verifyState(path: string, expected: { bytes: number; sha256: string }): Promise<void> {
  let actual: { bytes: number; sha256: string };
  try {
    actual = { bytes: (await stat(path)).size, sha256: await hashFile(path) };
  } catch (cause) {
    throw invalid(path, "it is missing or unreadable", cause);
  }
  if (actual.bytes !== expected.bytes || actual.sha256 !== expected.sha256)
    throw invalid(path, "its content is not what was saved");
}

function sidecarPath(path: string): string {
  return `${path}.json`;
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

function invalid(path: string, why: string, cause?: unknown): MemwellError {
  return new MemwellError(
    "state_file_invalid",
    `The saved state ${path} cannot be used: ${why}. Delete it; the prompt is then evaluated anew.`,
    { path, reason: why },
    { cause },
  );
}
