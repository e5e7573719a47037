import type { Execution } from "./execution";
import { rethrow } from "./files";
import { targetsOf } from "./needed-now";
import { HeldLocks } from "./repo-locks";

/** Each may take two locks, and a process may have as few as 256 files open. */
const BLOBS_A_BATCH = 64;

/**
 * Removes those of a repository's blobs that nothing needs. Whether anything does is read anew for every few of them,
 * while their locks are held: whoever downloads a revision that shows one of them holds the same lock. Answers why each
 * blob that stays does.
 */
export async function removeBlobs(
  execution: Execution,
  repoPath: string,
  blobs: readonly string[],
): Promise<Map<string, string>> {
  const stays = new Map<string, string>();
  for (let first = 0; first < blobs.length; first += BLOBS_A_BATCH) {
    const batch = blobs.slice(first, first + BLOBS_A_BATCH);
    const unknown = await execution.attempt(() => removeBatch(execution, repoPath, batch, stays));
    if (unknown !== null) for (const blob of batch) stays.set(blob, unknown);
  }
  return stays;
}

async function removeBatch(
  execution: Execution,
  repoPath: string,
  blobs: readonly string[],
  stays: Map<string, string>,
): Promise<null> {
  const neededElsewhere = await execution.neededByOthers();
  const locks = new HeldLocks(execution.removal.root, repoPath);
  try {
    const held = blobs.map((blob) => ({ blob, busy: locks.blob(blob) }));
    const needed = targetsOf(repoPath, rethrow);
    for (const { blob, busy } of held) {
      const isNeeded = needed.has(blob) || neededElsewhere.has(blob);
      const reason = isNeeded ? `a file that stays needs ${blob}` : (busy ?? (await unlink(execution, blob)));
      if (reason !== null) stays.set(blob, reason);
    }
  } finally {
    locks.release();
  }
  return null;
}

function unlink(execution: Execution, blob: string): Promise<string | null> {
  return execution.attempt(async () => {
    await execution.removal.unlink(blob);
    return null;
  });
}
