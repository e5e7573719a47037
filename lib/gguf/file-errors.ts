import { MemwellError } from "../errors";

/** A file that is not what it should be. `reason` is a clause: it goes after "is not a usable GGUF file:". */
export function invalidFile(path: string, reason: string, offset?: number): MemwellError {
  const where = offset === undefined ? "" : ` (at byte ${offset})`;
  return new MemwellError(
    "model_file_invalid",
    `${path} is not a usable GGUF file: ${reason}${where}. Download the file again, or choose another file.`,
    offset === undefined ? { path, reason } : { path, reason, offset },
  );
}

export function invalidAdapter(path: string, reason: string, fields: Record<string, unknown> = {}): MemwellError {
  return new MemwellError(
    "adapter_invalid",
    `${path} cannot be used as an adapter: ${reason}. Choose a LoRA adapter that was made for this base model.`,
    { path, reason, ...fields },
  );
}

/** What the file system said, as an error a person can act on. */
export function unreadableFile(path: string, thrown: unknown): MemwellError {
  const systemCode = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "unknown";
  const reason = SYSTEM_REASONS[systemCode] ?? `it cannot be read (${systemCode})`;
  return new MemwellError(
    "model_file_missing",
    `${path}: ${reason}. Check the path in the settings and that Memwell may read it.`,
    { path, reason, systemCode },
    { cause: thrown },
  );
}

const SYSTEM_REASONS: Record<string, string> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "this is a folder, not a file",
  ENOTFILE: "this is a device or a pipe, not a file",
  EACCES: "Memwell is not allowed to read this file",
  EPERM: "Memwell is not allowed to read this file",
  ELOOP: "its symbolic links lead in a circle",
  ENAMETOOLONG: "the path is too long",
  ERR_INVALID_ARG_VALUE: "this is not a path",
};
