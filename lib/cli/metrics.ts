import { resolve } from "node:path";
import { EXPORT_FORMATS, exportMetrics, loadConfig, withDatabase, type ExportFormat } from "../runtime";
import { wrongUsage } from "./arguments";
import { printJson } from "./output";

interface ExportOptions {
  format: ExportFormat;
  out?: string;
  /** In ms before now. */
  since?: number;
  texts?: boolean;
  json?: boolean;
}

/** Where trackio's file goes when nobody says: trackio shows it as the project `memwell`. */
const TRACKIO_FILE = "memwell.db";

/** Writes what was recorded of turns, memory and alerts to a file, or to standard output where that is text. */
export async function exportRecorded(options: ExportOptions): Promise<void> {
  const { format, since } = options;
  const file = options.out ?? (format === "trackio" ? TRACKIO_FILE : undefined);
  const out = file === undefined ? null : resolve(file);
  const now = Date.now();
  await withDatabase(loadConfig(process.env), (database) =>
    exportMetrics(database, {
      format,
      out,
      from: since === undefined || since === Infinity ? 0 : now - since,
      to: now + 1,
      withTexts: options.texts ?? false,
      print: (text) => void process.stdout.write(text),
    }),
  );
  if (out === null) return;
  if (options.json) printJson({ format, path: out });
  else process.stderr.write(`Written: ${out}\n`);
}

export function exportFormat(text: string): ExportFormat {
  const format = EXPORT_FORMATS.find((name) => name === text);
  if (format === undefined) throw wrongUsage(`"${text}" is no format: choose one of ${EXPORT_FORMATS.join(", ")}`);
  return format;
}
