/** The fields asked of each GPU, in order; `nvidia-smi --help-query-gpu`. */
export const GPU_FIELDS =
  "index,uuid,name,driver_version,memory.total,memory.used,memory.free,utilization.gpu,mig.mode.current";
/** For drivers older than MIG (before 450), which refuse the whole query for one unknown field. */
export const GPU_FIELDS_BEFORE_MIG = GPU_FIELDS.replace(",mig.mode.current", "");
export const PROCESS_FIELDS = "gpu_uuid,pid,process_name,used_memory";

/** What one GPU says of itself; null where it does not say ("[N/A]", "[Not Supported]", "[Insufficient Permissions]"). */
export interface GpuFigures {
  index: number;
  uuid: string | null;
  name: string | null;
  driverVersion: string | null;
  totalBytes: number | null;
  usedBytes: number | null;
  freeBytes: number | null;
  /** Share of the last sample period in which a kernel ran, 0 to 100. */
  utilizationPercent: number | null;
  /** Whether the GPU is cut into MIG devices; null where it cannot be. */
  migEnabled: boolean | null;
}

/** One process that computes on a GPU. Inside a container the driver names pids of the host, or shows none at all. */
export interface GpuProcess {
  /** Of the GPU, or with MIG on some drivers of the MIG device. */
  gpuUuid: string | null;
  pid: number;
  name: string | null;
  usedBytes: number | null;
}

const MIB = 2 ** 20;

/**
 * Rows of `--query-gpu` with `--format=csv,noheader,nounits` (memory in MiB). The program quotes nothing, so a name with
 * commas is whatever lies between the two fields before it and those after. A line that is no row is passed over: the
 * driver mixes warnings in.
 */
export function parseGpuRows(text: string, fields: string = GPU_FIELDS): GpuFigures[] {
  const count = fields.split(",").length;
  return lines(text).flatMap((line): GpuFigures[] => {
    const cells = cellsOf(line, count, 2);
    const index = number(cells?.[0]);
    if (cells === null || index === null || !Number.isInteger(index)) return [];
    const [, uuid, name, driver, total, used, free, utilization, mig] = cells;
    return [
      {
        index,
        uuid: said(uuid),
        name: said(name),
        driverVersion: said(driver),
        totalBytes: mebibytes(total),
        usedBytes: mebibytes(used),
        freeBytes: mebibytes(free),
        utilizationPercent: number(utilization),
        migEnabled: mig === "Enabled" ? true : mig === "Disabled" ? false : null,
      },
    ];
  });
}

/** Rows of `--query-compute-apps`, read like those of the GPUs. */
export function parseGpuProcessRows(text: string): GpuProcess[] {
  const count = PROCESS_FIELDS.split(",").length;
  return lines(text).flatMap((line): GpuProcess[] => {
    const cells = cellsOf(line, count, 2);
    const pid = number(cells?.[1]);
    if (cells === null || pid === null || !Number.isInteger(pid)) return [];
    return [{ gpuUuid: said(cells[0]), pid, name: said(cells[2]), usedBytes: mebibytes(cells[3]) }];
  });
}

function lines(text: string): string[] {
  return text.split(/\r?\n/);
}

/** Exactly `count` trimmed cells, surplus commas given back to the cell at `free`; null when there are too few. */
function cellsOf(line: string, count: number, free: number): string[] | null {
  const parts = line.split(",");
  const surplus = parts.length - count;
  if (surplus < 0) return null;
  const whole = parts.slice(free, free + surplus + 1).join(",");
  return [...parts.slice(0, free), whole, ...parts.slice(free + surplus + 1)].map((cell) => cell.trim());
}

/** Null for an empty cell and for what the program says in brackets in place of a value. */
function said(cell: string | undefined): string | null {
  return cell === undefined || cell === "" || /^\[.*\]$|^N\/A$|^ERR!$/.test(cell) ? null : cell;
}

/** A number at or above 0; its unit may follow, since drivers have ignored `nounits`. */
function number(cell: string | undefined): number | null {
  const digits = /^(\d{1,15}(?:\.\d{1,6})?)(?: ?(?:MiB|%))?$/.exec(cell ?? "")?.[1];
  return digits === undefined ? null : Number(digits);
}

function mebibytes(cell: string | undefined): number | null {
  const count = number(cell);
  return count === null || !Number.isSafeInteger(count * MIB) ? null : count * MIB;
}
