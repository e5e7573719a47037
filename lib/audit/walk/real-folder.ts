import { lstatSync, realpathSync } from "node:fs";
import { MemwellError } from "../../errors";
import { fromText, toSystem, type BytePath } from "./byte-path";
import { systemCodeOf } from "./system";

/**
 * Where a folder really lies.
 *
 * @param toPath how its text is read; what a report says by `fromReport`
 * @throws MemwellError `not_found`, `invalid_request`
 */
export function realFolder(folder: string, toPath: (text: string) => BytePath = fromText): BytePath {
  try {
    if (folder === "") throw Object.assign(new Error("no path"), { code: "ENOENT" });
    const path = realpathSync.native(toSystem(toPath(folder)), "latin1");
    if (!lstatSync(toSystem(path)).isDirectory()) throw Object.assign(new Error("a file"), { code: "ENOTDIR" });
    return path;
  } catch (thrown) {
    const code = systemCodeOf(thrown);
    const reason = REASONS[code] ?? `it cannot be read (${code})`;
    throw new MemwellError(
      code === "ENOENT" ? "not_found" : "invalid_request",
      `${JSON.stringify(folder)}: ${reason}. Name a folder that Memwell may read.`,
      { folder, system_code: code },
      { cause: thrown },
    );
  }
}

const REASONS: Record<string, string> = {
  ENOENT: "there is no such folder",
  ENOTDIR: "this is a file, not a folder",
  EACCES: "Memwell is not allowed to look into it",
  ELOOP: "its symbolic links lead in a circle",
  ERR_INVALID_ARG_VALUE: "this is not a path",
};
