import { dirname } from "node:path";
import { MemwellError } from "../../errors";
import type { RestoreStateRequest, RestoreStateResult, SaveStateRequest, SaveStateResult } from "../contract";
import { contextOf, type Host } from "./host";
import { invalidState, loadState, makePrivateFolder, readDescription, sweepDrafts, writeState } from "./state-file";

/** @throws MemwellError `invalid_request` for an empty or unknown slot, `state_file_invalid` when it cannot be written. */
export async function saveState(host: Host, request: SaveStateRequest, signal: AbortSignal): Promise<SaveStateResult> {
  const hosted = contextOf(host, request.context);
  const lease = await hosted.slots.leaseSlot(request.slot, signal);
  try {
    if (lease.slot.sequence.nextTokenIndex === 0)
      throw new MemwellError(
        "invalid_request",
        `Slot ${request.slot} holds nothing yet, so there is nothing to save.`,
        { parameter: "slot" },
      );
    await makePrivateFolder(dirname(request.path));
    await sweepDrafts(dirname(request.path));
    const { fingerprint } = hosted;
    const { tokens, bytes } = await writeState(lease.slot.sequence, request.path, {
      fingerprint,
      kind: "conversation",
    });
    return { tokens: tokens.length, bytes };
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
  const description = await readDescription(request.path);
  if (description.fingerprint !== hosted.fingerprint)
    throw invalidState(request.path, "it belongs to another model, adapter or library version");
  const { contextSize } = hosted.context;
  if (description.tokens.length > contextSize)
    throw invalidState(request.path, `its ${description.tokens.length} tokens do not fit a context of ${contextSize}`);
  const lease = await hosted.slots.leaseOldest(signal);
  try {
    const { slot } = lease;
    await loadState(slot.sequence, request.path, description);
    slot.promptLength = slot.sequence.nextTokenIndex;
    return { slot: slot.index, tokens: slot.sequence.nextTokenIndex };
  } finally {
    lease.release();
  }
}
