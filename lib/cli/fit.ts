import { describeWayOut, fitModel, loadConfig, type FitReport, type RunningServer } from "../runtime";
import { encodeFit, type MemoryBody } from "../wire";
import { bytes, printJson, printTable } from "./output";
import { askServer } from "./server-client";

interface FitOptions {
  context?: number;
  json?: boolean;
}

/** Prints whether a model fits into memory. Exit code 0 when it does, 1 when it does not. */
export async function fit(reference: string, options: FitOptions): Promise<void> {
  const running = await readRunningServer();
  const report = await fitModel(loadConfig(process.env), reference, { contextSize: options.context, running });
  if (options.json) printJson(encodeFit(report));
  else print(report);
  if (!report.fits || report.download?.fits_disk === false) process.exitCode = 1;
}

/** What the server of this machine holds now; null when none answers. */
async function readRunningServer(): Promise<RunningServer | null> {
  const memory = await askServer<MemoryBody>({}, "GET", "/api/memory").catch(() => null);
  // Somebody else's server may listen there.
  if (!Array.isArray(memory?.models)) return null;
  const { models, server, spare } = memory;
  return {
    models: models.map(({ ids, pid, anonymous = 0 }) => ({ ids, pid, bytes: anonymous })),
    ownBytes: (server?.anonymous ?? 0) + (spare?.anonymous ?? 0),
  };
}

function print(report: FitReport): void {
  const { forecast, limit, resident } = report;
  const { weights, kv, compute, adapters, process: base, total } = forecast;
  printTable([
    ["PART", "FORECAST"],
    ["weights", bytes(weights)],
    [`keys and values (${report.sequences} x ${report.contextSize} tokens)`, bytes(kv)],
    ["compute buffers", bytes(compute)],
    ["adapters", bytes(adapters)],
    ["process", bytes(base)],
    ["total", bytes(total)],
  ]);
  const residentBytes = resident.reduce((sum, model) => sum + model.bytes, 0);
  const lines = [
    ...(report.reason === null ? [] : [report.reason]),
    ...downloadLines(report),
    `Budget ${bytes(report.budgetBytes)} of ${bytes(limit.bytes)} (bound by ${limit.bound}), ${bytes(report.otherBytes)} held besides models`,
    report.fits ? "It fits." : "It does not fit.",
    ...(report.fits && resident.length > 0
      ? [
          `${resident.map(({ ids }) => ids.join(", ")).join(", ")} (${bytes(residentBytes)}) ` +
            (report.fitsBeside ? "can stay beside it." : "must leave for it."),
        ]
      : []),
    largestContextLine(report),
    ...report.waysOut.map((wayOut) => `What would help: ${describeWayOut(wayOut)}`),
    ...(!report.fits && limit.bound === "user" ? ["What would help: a larger MEMWELL_MEMORY_BUDGET"] : []),
  ];
  process.stdout.write(`\n${lines.join("\n")}\n`);
}

function downloadLines({ download, path }: FitReport): string[] {
  if (download === null) return [];
  const { size, free_disk_bytes: free, fits_disk: fitsDisk, files } = download;
  const verdict = fitsDisk ? "" : " It does not fit onto the disk: `memwell cache prune` shows what can go.";
  return [
    `Only on the Hub: ${path}`,
    `To download: ${bytes(size)} in ${files.length} ${files.length === 1 ? "file" : "files"}; ${bytes(free)} of disk are free.${verdict}`,
  ];
}

function largestContextLine({ largestContext, trainedContext }: FitReport): string {
  if (largestContext === null) return "No context is small enough to fit.";
  const whole =
    largestContext >= trainedContext ? ", all it was trained for" : ` of the ${trainedContext} it was trained for`;
  return `Largest context that fits: ${largestContext} tokens${whole}`;
}
