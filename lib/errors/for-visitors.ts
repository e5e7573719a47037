import type { ErrorCode, ErrorRecord } from "./index";

/** What may go wrong with a model while a visitor waits for its answer; nobody but its owner need know where its files are. */
const OF_MODELS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "model_file_missing",
  "model_file_invalid",
  "model_unsupported",
  "adapter_invalid",
  "state_file_invalid",
  "cache_in_use",
  "hub_offline",
  "download_corrupt",
  "disk_full",
  "engine_start_failed",
  "engine_start_timeout",
  "engine_crashed",
  "engine_protocol",
  "internal",
]);

/** Fields that say where something lies on the server: files, and a folder. */
const FILE_FIELDS = ["path", "modelPath"];
const FOLDER_FIELD = "cache_dir";

/**
 * An error as whoever asks over the network is told it: of a model, its id, the names of its files without the folders that
 * they lie in, and what to do. What has nothing to do with a model's files is as it was. Pure.
 *
 * @param record its field `model`, if it has one, is the model's id
 */
export function forVisitors(record: ErrorRecord): ErrorRecord {
  const { code, message, fields } = record;
  if (!OF_MODELS.has(code)) return record;
  const files = FILE_FIELDS.flatMap((name) => absolute(fields[name]));
  const folders = absolute(fields[FOLDER_FIELD]);
  if (files.length + folders.length === 0) return record;
  const hide = (text: string): string => withoutFolders(text, files, folders);
  const shown = Object.entries(fields)
    .filter(([name]) => !FILE_FIELDS.includes(name) && name !== FOLDER_FIELD)
    .map(([name, value]) => [name, typeof value === "string" ? hide(value) : value]);
  const [file] = files.map(fileName);
  const { model } = fields;
  const about = typeof model === "string" ? `The model ${model} cannot be used now: ` : "";
  const hidden = hide(message);
  const advice =
    files.length === 0 || hidden === message
      ? ""
      : " The server's log says where that file lies; meanwhile, choose another model.";
  return {
    code,
    message: `${about}${hidden}${advice}`,
    fields: { ...Object.fromEntries(shown), ...(file !== undefined && { file }) },
  };
}

function withoutFolders(text: string, files: readonly string[], folders: readonly string[]): string {
  // Whatever else lies in the same folder, such as the other parts of a model, loses it, too.
  const parents = files.map((file) => file.slice(0, -fileName(file).length)).filter((folder) => folder.length > 1);
  const hidden = parents.reduce((rest, folder) => rest.replaceAll(folder, ""), text);
  return folders.reduce((rest, folder) => rest.replaceAll(` (${folder})`, "").replaceAll(folder, "the cache"), hidden);
}

function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

/** Of POSIX or of Windows. */
function absolute(value: unknown): string[] {
  return typeof value === "string" && /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(value) ? [value] : [];
}
