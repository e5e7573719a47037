import { posix, win32 } from "node:path";
import { MemwellError } from "../../errors";

/**
 * Refuses a name from the Hub that is no plain path below a folder: on this system or, since caches are copied, on
 * another. As huggingface_hub does, and a little more: it lets control characters and empty parts pass.
 *
 * @throws MemwellError `hub_refused` for a file, `invalid_request` for a revision, which people name themselves.
 */
export function checkName(name: string, what: "file" | "revision"): void {
  if (isPlainPath(name)) return;
  throw new MemwellError(
    what === "file" ? "hub_refused" : "invalid_request",
    `${JSON.stringify(name.slice(0, 200))} is no name of a ${what} that may be written to disk: it could lead out of the ` +
      `cache. ${what === "file" ? "Ask the owner of the repository to rename it." : "Name a branch, a tag or a commit."}`,
    { [what]: name.slice(0, 200) },
  );
}

function isPlainPath(name: string): boolean {
  if (posix.isAbsolute(name) || win32.isAbsolute(name)) return false;
  return name.split("/").every(isPlainPart);
}

function isPlainPart(part: string): boolean {
  // A colon makes a drive (`D:x`) or a stream of a file on Windows.
  return part !== "" && part !== "." && part !== ".." && !/[\\:\p{Cc}]/u.test(part) && Buffer.byteLength(part) <= 255;
}
