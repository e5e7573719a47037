import type { LedgerRecord } from "../../memory";
import { TIMED_STEPS, type RunFigures } from "../../store";
import { queueMsOf, tokensPerSecond } from "../rates";

const GIB = 2 ** 30;

type Values = Record<string, number>;

/** What was held at one moment; trackio has a name for some of it. Bytes. */
export interface SystemSample {
  /** In ms since the epoch. */
  time: number;
  /** The model that it was read for; null when for none. */
  model: string | null;
  /** Each figure of each owner at most once. */
  figures: { of: string; name: string | null; figure: string; bytes: number }[];
}

/** A run's figures as trackio draws them: numbers only, in seconds and tokens; what is not known is left out. */
export function metricsOf(figures: RunFigures): Values {
  const seconds = (ms: number | null | undefined): number | null => (ms == null ? null : ms / 1000);
  const sum = (of: "prefilled" | "reused" | "generated"): number =>
    figures.models.reduce((total, model) => total + model[of], 0);
  return known({
    "turn/seconds": seconds(figures.durationMs),
    "turn/first_token_seconds": seconds(figures.firstTokenMs),
    "turn/tokens_per_second": tokensPerSecond(figures.answerTokens, figures.answerMs),
    "turn/wait_seconds": seconds(figures.waitMs),
    "turn/queue_seconds": seconds(queueMsOf(figures)),
    "turn/load_seconds": seconds(figures.loadMs),
    "turn/swaps": figures.swaps,
    "turn/failed": figures.outcome === "failed" ? 1 : 0,
    ...Object.fromEntries(TIMED_STEPS.map((step) => [`step/${step}_seconds`, seconds(figures.stepMs[step])])),
    "tokens/prefilled": sum("prefilled"),
    "tokens/reused": sum("reused"),
    "tokens/generated": sum("generated"),
    ...Object.fromEntries((figures.segments ?? []).map((segment) => [`segment/${segment}`, 1])),
  });
}

/**
 * Figures of the machine under trackio's names (`trackio/cpu.py`, `trackio/gpu.py`), in its units: GiB, percent of the
 * memory, and of a GPU's a share of 1; ours beside them. What was not measured is left out.
 */
export function systemMetricsOf({ figures }: SystemSample): Values {
  const of = (owner: string, figure: string, name: string | null = null): number | null =>
    figures.find((one) => one.of === owner && one.figure === figure && one.name === name)?.bytes ?? null;
  const used = of("host", "used");
  const total = of("host", "limit");
  return known({
    "memory/used": gib(used),
    "memory/total": gib(total),
    "memory/available": used === null || total === null ? null : (total - used) / GIB,
    "memory/percent": share(used, total, 100),
    ...gpuMetricsOf(figures),
    "memwell/container_memory": gib(of("container", "used")),
    "memwell/container_limit": gib(of("container", "limit")),
    "memwell/memory_budget": gib(of("budget", "limit")),
    "memwell/server_memory": gib(of("server", "resident")),
    "memwell/spare_memory": gib(of("spare", "resident")),
    ...Object.fromEntries(
      figures
        .filter((one) => one.of === "model" && one.figure === "resident")
        .map(({ name, bytes }) => [`memwell/model_memory/${name ?? "unknown"}`, bytes / GIB]),
    ),
  });
}

/** By the index of each GPU, and all together; where only all together are known, that alone. */
function gpuMetricsOf(figures: SystemSample["figures"]): Record<string, number | null> {
  const ofGpus = figures.filter((one) => one.of === "gpu");
  const used = ofGpus.filter(({ figure }) => figure === "used");
  const alone = [...new Set(ofGpus.flatMap(({ name }) => name ?? []))].flatMap((name): [string, number | null][] => {
    const held = used.find((one) => one.name === name)?.bytes ?? null;
    const limit = ofGpus.find((one) => one.name === name && one.figure === "limit")?.bytes ?? null;
    return [
      [`gpu/${name}/allocated_memory`, gib(held)],
      [`gpu/${name}/total_memory`, gib(limit)],
      [`gpu/${name}/memory_usage`, share(held, limit, 1)],
    ];
  });
  const together = used.reduce((sum, { bytes }) => sum + bytes, 0);
  return { ...Object.fromEntries(alone), "gpu/total_allocated_memory": used.length === 0 ? null : gib(together) };
}

function gib(bytes: number | null): number | null {
  return bytes === null ? null : bytes / GIB;
}

function share(part: number | null, whole: number | null, of: number): number | null {
  return part === null || whole === null || whole === 0 ? null : (part / whole) * of;
}

/** A record of the ledger as what was held at that moment. */
export function sampleOf(record: LedgerRecord): SystemSample {
  const figure = (of: string, name: string | null, what: string, bytes: number | null): SystemSample["figures"] =>
    bytes === null ? [] : [{ of, name, figure: what, bytes }];
  return {
    time: record.time,
    model: record.model,
    figures: [
      ...figure("host", null, "used", record.hostBytes),
      ...figure("container", null, "used", record.cgroupBytes),
      ...figure("server", null, "resident", record.serverBytes),
      ...figure("model", record.model, "resident", record.processBytes),
      // The ledger tells all GPUs together.
      ...figure("gpu", null, "used", record.gpuBytes),
    ],
  };
}

function known(values: Record<string, number | null>): Values {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== null));
}
