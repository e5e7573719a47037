import { createRequire } from "node:module";
import { MemwellError } from "../errors";

/* `flock(2)`, which Node has no call for: libc's is called. */

export const LOCK_SHARED = 1;
export const LOCK_EXCLUSIVE = 2;
const LOCK_NONBLOCKING = 4;

/**
 * Takes a lock on an open file, or says at once why not. `path` is for the error's message. Throws `cache_invalid` for
 * what is neither.
 */
export type Flock = (descriptor: number, operation: number, path: string) => "taken" | "held" | "unsupported";
let flock: Flock | undefined;

/**
 * "unsupported" on Windows, where huggingface_hub locks differently, and on file systems without `flock` (some NFS): as
 * there, a download then goes on without its lock, which costs at worst a file that is fetched twice.
 */
export function loadFlock(): Flock {
  if (flock !== undefined) return flock;
  if (process.platform === "win32") return (flock = () => "unsupported");
  // Loaded at the first lock only: a native package, which a scan does not need.
  const koffi = createRequire(import.meta.url)("koffi") as typeof import("koffi");
  const call = koffi.load(null).func("int flock(int, int)") as unknown as (fd: number, operation: number) => number;
  const codes = new Map(Object.entries(koffi.os.errno).map(([name, number]) => [number, name]));
  flock = (descriptor, operation, path) => {
    for (;;) {
      if (call(descriptor, operation | LOCK_NONBLOCKING) === 0) return "taken";
      const code = codes.get(koffi.errno()) ?? "unknown";
      const answer = answerOf(code);
      if (answer === "failed") throw notLocked(path, code);
      if (answer !== "interrupted") return answer;
    }
  };
  return flock;
}

/** What `flock` says by failing with a code: only where it is not there at all may anybody go on without it. */
export function answerOf(code: string): "held" | "unsupported" | "interrupted" | "failed" {
  if (code === "EAGAIN" || code === "EWOULDBLOCK") return "held";
  if (code === "EINTR") return "interrupted";
  return ["ENOSYS", "EOPNOTSUPP", "ENOTSUP"].includes(code) ? "unsupported" : "failed";
}

function notLocked(path: string, code: string): MemwellError {
  return new MemwellError(
    "cache_invalid",
    `${path} cannot be locked (${code}). Look at the file system it lies on, and try again.`,
    { path, system_code: code },
  );
}
