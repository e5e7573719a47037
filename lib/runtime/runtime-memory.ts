import type { Config } from "../config";
import { forVisitors, type MemwellError } from "../errors";
import {
  LatestGpus,
  readGpuStatus,
  type Ledger,
  type LedgerQuery,
  type LedgerRecord,
  type MemoryEvent,
  type MemoryEventQuery,
  type SampledProcess,
} from "../memory";
import type { ResidencyChange } from "../residency";
import type { SampleRange } from "../store";
import type { QueueReport } from "./contract";
import type { RuntimeDatabase } from "./database";
import type { FitReport } from "./fit";
import { FitQuestions } from "./fit-questions";
import { RuntimeLedger } from "./ledger";
import { memoryEventOf } from "./memory-changes";
import { MemoryHistory, type MemorySamples } from "./memory-history";
import { reportMemory, sampleLimits, type MemoryReport } from "./memory-report";

/** The processes there are now. */
export interface Processes {
  models: () => Omit<MemoryReport["models"][number], "memory">[];
  sparePid: () => number | null;
}

/** All that a runtime says about memory: now, in the past, and whether there would be enough. */
export class RuntimeMemory {
  readonly ledger: Ledger;
  readonly #config: Config;
  readonly #recorded: RuntimeLedger;
  readonly #history: MemoryHistory;
  readonly #fits: FitQuestions;
  readonly #gpus = new LatestGpus(
    () => readGpuStatus(),
    () => performance.now(),
  );

  constructor(
    private readonly parts: {
      config: Config;
      database: RuntimeDatabase;
      warn: (warning: string) => void;
      logLine: ((line: string) => void) | undefined;
      processes: Processes;
    },
  ) {
    const { config, database, warn, logLine } = parts;
    this.#config = config;
    this.#recorded = new RuntimeLedger({ database, warn, logLine, gpus: this.#gpus });
    this.ledger = this.#recorded.ledger;
    const settings = { keepMs: config.samplesKeepMs, maxBytes: config.samplesMaxBytes };
    this.#history = new MemoryHistory({ database, settings, warn });
    this.#fits = new FitQuestions(config, () => ({
      models: parts.processes.models(),
      ownPids: this.#own().map(({ pid }) => pid),
    }));
  }

  /** Begins to keep what memory is like over time. */
  keepHistory(): void {
    const processes = (): SampledProcess[] => [...this.#own(), ...this.#models()];
    this.#history.start({ processes, limits: sampleLimits(this.#config), gpus: this.#gpus });
  }

  /** @param nameOf the id of the model that the scheduler knows by this key */
  note(change: ResidencyChange, nameOf: (key: string) => string): void {
    if (this.#history.isKept) this.#history.note(memoryEventOf(change, nameOf, Date.now()));
  }

  /** A built-in model began to answer in place of one that cannot be had. */
  noteStandIn(standIn: string, model: string, error: MemwellError): void {
    const { code, message } = forVisitors(error.toRecord());
    if (this.#history.isKept)
      this.#history.note({ time: Date.now(), event: "stood_in", model: standIn, for: model, code, message });
    this.parts.logLine?.(`memwell: ${standIn} answers in place of ${model}: ${error.message}`);
  }

  report(queue: QueueReport): Promise<MemoryReport> {
    const { processes } = this.parts;
    return reportMemory({
      config: this.#config,
      sparePid: processes.sparePid(),
      processes: processes.models(),
      queue,
      ledger: this.ledger.counts,
      peaks: this.#history.peaks(),
    });
  }

  log(query: LedgerQuery): LedgerRecord[] {
    return this.#recorded.read(query);
  }

  samples(range: SampleRange): Promise<MemorySamples> {
    return this.#history.samples(range);
  }

  events(query: MemoryEventQuery): MemoryEvent[] {
    return this.#history.events(query);
  }

  fit(reference: string, contextSize: number | undefined): Promise<FitReport> {
    return this.#fits.ask(reference, contextSize);
  }

  /** The database stays its owner's to close. Safe to call twice. */
  close(): void {
    this.#recorded.close();
    this.#history.close();
  }

  #own(): SampledProcess[] {
    const spare = this.parts.processes.sparePid();
    return [
      { of: "server", name: null, pid: process.pid },
      ...(spare === null ? [] : [{ of: "spare" as const, name: null, pid: spare }]),
    ];
  }

  /** A model's process goes by the id of the first model that it serves, as in the ledger. */
  #models(): SampledProcess[] {
    return this.parts.processes.models().map(({ ids, pid }) => ({ of: "model", name: ids[0] ?? null, pid }));
  }
}
