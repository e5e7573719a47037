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

/** Figures of the machine under trackio's names (`trackio/cpu.py`, `trackio/gpu.py`), in GiB; ours beside them. */
export function systemMetricsOf({ figures }: SystemSample): Values {
  const of = (owner: string, figure: string): number | null =>
    figures.find((one) => one.of === owner && one.figure === figure && one.name === null)?.bytes ?? null;
  const used = of("host", "used");
  const total = of("host", "limit");
  const gib = (bytes: number | null): number | null => (bytes === null ? null : bytes / GIB);
  const gpus = figures.flatMap(({ of: owner, name, figure, bytes }): [string, number][] => {
    if (owner !== "gpu") return [];
    if (name === null) return figure === "used" ? [["gpu/total_allocated_memory", bytes / GIB]] : [];
    return [[`gpu/${name}/${figure === "used" ? "allocated_memory" : "total_memory"}`, bytes / GIB]];
  });
  const models = figures.flatMap(({ of: owner, name, figure, bytes }): [string, number][] =>
    owner === "model" && figure === "resident" ? [[`memwell/model_memory/${name ?? "unknown"}`, bytes / GIB]] : [],
  );
  return known({
    "memory/used": gib(used),
    "memory/total": gib(total),
    "memory/available": used === null || total === null ? null : (total - used) / GIB,
    "memory/percent": used === null || total === null || total === 0 ? null : (used / total) * 100,
    ...Object.fromEntries(gpus),
    "memwell/container_memory": gib(of("container", "used")),
    "memwell/server_memory": gib(of("server", "resident")),
    ...Object.fromEntries(models),
  });
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
