import { join } from "node:path";
import { lstatOrNull } from "../folder";
import { tryLock, tryLockForRemoval, type FileLock } from "../lock";
import { BLOBS } from "../layout";
import type { PlanItem } from "./contract";
import type { Execution } from "./execution";
import { factOf } from "./files";
import { isReally } from "./places";
import { askOrExplain, CANNOT_TELL, openedBy } from "./repo-locks";
import { isSharedStore } from "../scan/shared-store";
import { linksTo, listOf, lockOf } from "./shared-payloads";

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
    const reason = lockPayload(removal.root, payload, held) ?? (await stillNeeded(execution, payload));
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
  return askOrExplain(() => {
    const lock = tryLock(lockOf(payload));
    if (lock === null) return "another program works on this payload";
    held.push(lock);
    const free = tryLockForRemoval(payload);
    if (free === null) return lstatOrNull(payload) === null ? null : `${payload} is in use`;
    held.push(free);
    if (!lock.isReal || !free.isReal) return CANNOT_TELL;
    const fact = factOf(payload);
    return fact === null ? null : openedBy(root, payload, fact.inode);
  });
}

async function stillNeeded(execution: Execution, payload: string): Promise<string | null> {
  const links = linksTo(payload, execution.removal.root);
  if (links === null) return "its list of links is missing or cannot be understood";
  const [link] = links;
  if (link !== undefined) return `${link} still leads to it`;
  const isNeeded = (await execution.neededByOthers()).has(payload);
  return isNeeded ? "a revision that its list does not know needs it" : null;
}
