import { lstatSync, renameSync, utimesSync } from "node:fs";
import { createRequire } from "node:module";
import { toSystem, type BytePath } from "../walk/byte-path";

/* Two calls that Node has not: a rename that replaces nothing, and a time of change to the nanosecond. */

interface Native {
  renameat2: ((from: number, old: Buffer, to: number, next: Buffer, flags: number) => number) | null;
  utimensat: ((folder: number, path: Buffer, times: Buffer, flags: number) => number) | null;
  codeOf: () => string;
}

/** Of Linux: "from the working folder on", "to what is not there yet", "leave this time as it is", "of the link itself". */
const AT_FDCWD = -100;
const RENAME_NOREPLACE = 1;
const UTIME_OMIT = 0x3ffffffen;
const AT_SYMLINK_NOFOLLOW = 0x100;
/** The file system, or the kernel, does not know the flag. */
const UNKNOWN = ["ENOSYS", "EINVAL", "ENOTSUP", "EOPNOTSUPP"];

let native: Native | undefined;

/** Throws the file system's error, `EEXIST` when something stands at `to`. Where the system cannot tell, by looking first. */
export function renameToFree(from: BytePath, to: BytePath): void {
  const { renameat2, codeOf } = loadNative();
  if (renameat2 !== null) {
    if (renameat2(AT_FDCWD, ended(from), AT_FDCWD, ended(to), RENAME_NOREPLACE) === 0) return;
    const code = codeOf();
    if (!UNKNOWN.includes(code)) throw systemError(code, "rename", to);
  }
  if (lstatSync(toSystem(to), { throwIfNoEntry: false }) !== undefined) throw systemError("EEXIST", "rename", to);
  renameSync(toSystem(from), toSystem(to));
}

/** Gives a folder a time of change, in nanoseconds since 1970; to the microsecond where the system has no such call. */
export function setModified(path: BytePath, time: bigint): void {
  const { utimensat, codeOf } = loadNative();
  if (utimensat === null) {
    const { atimeMs } = lstatSync(toSystem(path));
    return utimesSync(toSystem(path), atimeMs / 1000, Number(time / 1000n) / 1e6);
  }
  const times = Buffer.alloc(32); // two of { seconds, nanoseconds }: of the last use, of the last change
  times.writeBigInt64LE(UTIME_OMIT, 8);
  const nanoseconds = ((time % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  times.writeBigInt64LE((time - nanoseconds) / 1_000_000_000n, 16);
  times.writeBigInt64LE(nanoseconds, 24);
  if (utimensat(AT_FDCWD, ended(path), times, AT_SYMLINK_NOFOLLOW) !== 0) throw systemError(codeOf(), "utime", path);
}

function loadNative(): Native {
  if (native !== undefined) return native;
  const none: Native = { renameat2: null, utimensat: null, codeOf: () => "unknown" };
  if (process.platform !== "linux" || !["x64", "arm64"].includes(process.arch)) return (native = none);
  try {
    // Loaded with the first plan that is applied: a native package.
    const koffi = createRequire(import.meta.url)("koffi") as typeof import("koffi");
    const library = koffi.load(null);
    const codes = new Map(Object.entries(koffi.os.errno).map(([name, number]) => [number, name]));
    const load = <Call>(declaration: string): Call | null => {
      try {
        return library.func(declaration) as unknown as Call;
      } catch {
        return null; // an older libc, or another one
      }
    };
    native = {
      renameat2: load("int renameat2(int, const uint8_t *, int, const uint8_t *, uint32_t)"),
      utimensat: load("int utimensat(int, const uint8_t *, const uint8_t *, int)"),
      codeOf: () => codes.get(koffi.errno()) ?? "unknown",
    };
  } catch {
    native = none;
  }
  return native;
}

/** As C takes a text. */
function ended(path: BytePath): Buffer {
  return Buffer.from(`${path}\0`, "latin1");
}

function systemError(code: string, syscall: string, path: BytePath): Error {
  return Object.assign(new Error(`${code}: ${syscall} '${path}'`), { code, syscall });
}
