import { totalmem } from "node:os";
import { MemwellError } from "../errors";
import { groupLimits, memoryGroups } from "./cgroup";
import { parseMeminfo, readTextFile, type ReadText } from "./text";

/** Who set a limit: the container's cgroup, the Space, the machine itself, or the user. */
export type MemoryBound = "cgroup" | "space" | "host" | "user";

export interface MemoryLimitCandidate {
  bound: MemoryBound;
  /** The file or the variable that says so, for the page: "/sys/fs/cgroup/memory.max", "MEMORY". */
  source: string;
  bytes: number;
}

export interface MemoryLimit {
  /** Bytes this machine lets Memwell and what runs beside it hold; above 0. */
  bytes: number;
  bound: MemoryBound;
  /** All limits found, the smallest first; the first is the one that bound. */
  candidates: MemoryLimitCandidate[];
}

/**
 * The memory there really is, in bytes: the smallest of the limits of this cgroup and of those above it (v1 and v2), of
 * `MEMORY` of a Space, of the machine's memory and of the user's cap. A container of 16 GB on a machine of 256 shows all
 * 256 in `/proc/meminfo`; who believes it is killed. Of equal limits the first in that order is the one that bound.
 *
 * @param options.userBudget the user's cap in bytes; null without one
 * @param options.spaceMemory `MEMORY` as the platform set it ("16Gi"); one that cannot be read is ignored, since the
 *   user did not write it and cannot mend it
 * @param options.hostBytes the machine's memory, in place of MemTotal of `/proc/meminfo` (`os.totalmem` without one)
 * @throws MemwellError `invalid_setting` for a user's cap that is no number of bytes above 0: ignoring it would break
 *   the one promise it makes
 */
export function readMemoryLimit(options: {
  userBudget: number | null;
  spaceMemory: string | undefined;
  read?: ReadText;
  hostBytes?: number;
}): MemoryLimit {
  const read = options.read ?? readTextFile;
  const host = hostCandidate(options.hostBytes, read);
  const candidates = [
    ...groupLimits(memoryGroups(read), read).map(({ source, bytes }) => candidate("cgroup", source, bytes)),
    ...spaceCandidates(options.spaceMemory),
    host,
    ...userCandidates(options.userBudget),
  ].sort((one, other) => one.bytes - other.bytes);
  const { bound, bytes } = candidates[0] ?? host;
  return { bytes, bound, candidates };
}

/**
 * A Kubernetes quantity ("16Gi", "15G", "512Mi", "17179869184") as bytes, with "GiB" and "GB" let through; null when it
 * is none or is below 1 byte. Source: kubernetes.io, "Resource Management for Pods and Containers".
 */
export function parseQuantity(text: string): number | null {
  const [, digits, prefix, binary] = /^(\d+(?:\.\d+)?) ?(?:([kKMGTP])(i?))?B?$/.exec(text.trim()) ?? [];
  if (digits === undefined) return null;
  const power = prefix === undefined ? 0 : "KMGTP".indexOf(prefix.toUpperCase()) + 1;
  const bytes = Math.floor(Number(digits) * (binary === "i" ? 1024 : 1000) ** power);
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : null;
}

function candidate(bound: MemoryBound, source: string, bytes: number): MemoryLimitCandidate {
  return { bound, source, bytes };
}

function spaceCandidates(memory: string | undefined): MemoryLimitCandidate[] {
  const bytes = parseQuantity(memory ?? "");
  return bytes === null ? [] : [candidate("space", "MEMORY", bytes)];
}

function hostCandidate(given: number | undefined, read: ReadText): MemoryLimitCandidate {
  if (given !== undefined && Number.isFinite(given) && given > 0) return candidate("host", "host memory", given);
  const total = parseMeminfo(read("/proc/meminfo") ?? "").get("MemTotal") ?? 0;
  return total > 0
    ? candidate("host", "/proc/meminfo MemTotal", total)
    : candidate("host", "host memory", Math.max(totalmem(), 1));
}

function userCandidates(budget: number | null): MemoryLimitCandidate[] {
  if (budget === null) return [];
  if (!Number.isFinite(budget) || budget <= 0)
    throw new MemwellError(
      "invalid_setting",
      `MEMWELL_MEMORY_BUDGET is ${budget}: set a size above zero, such as "8GB", or leave it out`,
      { setting: "MEMWELL_MEMORY_BUDGET", value: budget },
    );
  return [candidate("user", "MEMWELL_MEMORY_BUDGET", budget)];
}
