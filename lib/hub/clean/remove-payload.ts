import { lstatSync } from "node:fs";
import { systemCodeOf } from "../folder";
import { tryLock, tryLockForRemoval, type FileLock } from "../lock";
import { BLOBS } from "../layout";
import { join } from "node:path";
import type { PlanItem } from "./contract";
import type { Execution } from "./execution";
import { isReally } from "./places";
import { isSharedStore, linksTo, listOf, lockOf } from "./shared-payloads";

/** Removes a payload of the shared store under its lock, if by then no line of its list leads to it. */
export async function removePayload(execution: Execution, item: PlanItem): Promise<void> {
  await execution.item(item, async () => {
    for (const payload of item.paths) {
      const reason = await removeOne(execution, payload);
      if (reason !== null) return reason;
    }
    return null;
  });
}

async function removeOne(execution: Execution, payload: string): Promise<string | null> {
  const { removal } = execution;
  const held: FileLock[] = [];
  try {
    const reason = lockPayload(removal.root, payload, held) ?? stillNeeded(execution, payload);
    if (reason !== null) return reason;
    await removal.unlink(payload);
    await removal.unlink(listOf(payload), false);
    return null;
  } finally {
    for (const lock of held) lock.release();
  }
}

/** The same lock that huggingface_hub takes to add a link, and the one of whoever has the payload loaded. */
function lockPayload(root: string, payload: string, held: FileLock[]): string | null {
  if (!isSharedStore(join(root, BLOBS)) || !isReally(root, payload)) return "the shared store is not what it was";
  const lockPath = lockOf(payload);
  if (lstatSync(lockPath, { throwIfNoEntry: false })?.isFile() === false) return `${lockPath} is no lock file`;
  try {
    const lock = tryLock(lockPath);
    if (lock === null) return "another program works on this payload";
    held.push(lock);
    const free = tryLockForRemoval(payload);
    if (free !== null) held.push(free);
    else if (lstatSync(payload, { throwIfNoEntry: false })) return `${payload} is in use`;
    return null;
  } catch (thrown) {
    return `it cannot be locked (${systemCodeOf(thrown)})`;
  }
}

function stillNeeded(execution: Execution, payload: string): string | null {
  const links = linksTo(payload, execution.removal.root);
  if (links === null) return "its list of links is missing or cannot be understood";
  const [link] = links;
  if (link !== undefined) return `${link} still leads to it`;
  return execution.neededByOthers().has(payload) ? "a revision that its list does not know needs it" : null;
}
