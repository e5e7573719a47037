import { createHash } from "node:crypto";
import { withFile } from "../walk/system";
import { Pauses } from "../walk/pauses";
import type { BytePath } from "../walk/byte-path";

const READ_BYTES = 4 * 1024 * 1024;

/** Of a whole file, in hexadecimal digits. Throws the file system's errors, MemwellError `aborted`. */
export function sha256Of(path: BytePath, signal?: AbortSignal): Promise<string> {
  const pauses = new Pauses(signal);
  return withFile(path, async (file) => {
    const hash = createHash("sha256");
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    for (let position = 0; position < file.size;) {
      const read = file.readInto(buffer, position);
      if (read === 0) break;
      hash.update(buffer.subarray(0, read));
      position += read;
      await pauses.takeIfDue();
    }
    return hash.digest("hex");
  });
}
