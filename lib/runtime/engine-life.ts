import type { ParkResult } from "../engine";
import type { Ledger, StepSubject } from "../memory";
import type { ResidentEffects } from "../residency";
import type { ModelContexts } from "./model-contexts";
import { idOfPath, type RegisteredModel } from "./model-registry";
import type { OpenedModel } from "./opened-model";
import type { OpenedModels } from "./opened-models";
import { StartSteps } from "./start-steps";

/** Whose run a step is recorded as. */
export type StepCause = { run: string; turn?: number | undefined };

/** Time for a process to write its sequences to disk, the last of them begun half-way; the server has eight seconds to close. */
const PARK_WITHIN_MS = 4_000;

export interface EngineLifeParts {
  opened: OpenedModels;
  contexts: () => ModelContexts;
  registered: readonly RegisteredModel[];
  ledger: Ledger;
}

/** Starts and ends the processes, by the `path` of their base, and records that in the ledger. */
export class EngineLife {
  /** The first run that waits for a load of the model at this path. */
  private readonly causes = new Map<string, StepCause>();

  constructor(private readonly parts: EngineLifeParts) {}

  /** Steps of this base are recorded as this run's until the returned function is called, unless they are another's. */
  causedBy(path: string, cause: StepCause | undefined): () => void {
    if (cause === undefined || this.causes.has(path)) return () => {};
    this.causes.set(path, cause);
    return () => void this.causes.delete(path);
  }

  async start(path: string, { signal, onProgress }: Parameters<ResidentEffects["start"]>[1]): Promise<void> {
    const { opened: models, ledger, contexts } = this.parts;
    const opened = await models.open(path);
    const { engine } = opened;
    await models.hold(path);
    const steps = new StartSteps(ledger, this.subjectOf(path), () => engine.pid);
    try {
      await engine.ensureReady({
        signal,
        onProgress: (progress) => {
          steps.see(progress);
          onProgress(progress);
        },
      });
      steps.end();
      contexts().begin(path, opened);
    } catch (thrown) {
      steps.end(signal.aborted ? "aborted" : "failed");
      if (engine.pid === null) models.letGo(path);
      throw thrown;
    }
  }

  /** Keeps what the process knows, then ends it: what its sequences hold, and what it took. */
  async stop(path: string): Promise<void> {
    const { opened: models, contexts } = this.parts;
    const opened = models.get(path);
    contexts().end(path);
    if (opened === undefined) return;
    try {
      await this.stopOpened(path, opened);
    } finally {
      if (opened.engine.pid === null) models.letGo(path);
    }
  }

  subjectOf(path: string): StepSubject {
    const { opened, registered } = this.parts;
    const forecastBytes = opened.get(path)?.footprintBytes ?? null;
    return { ...this.causes.get(path), model: idOfPath(path, null, registered), forecastBytes };
  }

  private async stopOpened(path: string, opened: OpenedModel): Promise<void> {
    const { ledger } = this.parts;
    const { engine } = opened;
    if (engine.pid === null) return engine.stop();
    const subject = { ...this.subjectOf(path), pid: engine.pid };
    if (engine.state === "ready") {
      const saving = (): Promise<ParkResult> =>
        engine.park(PARK_WITHIN_MS / 2, { signal: AbortSignal.timeout(PARK_WITHIN_MS) });
      // A process that cannot save is ended all the same; the prompts are then evaluated again.
      const parked = await ledger.during("save", subject, saving, ({ tokens }) => tokens).catch(() => null);
      if (parked !== null && parked.threads !== null) await opened.rememberThreads(parked.threads);
    }
    await opened.rememberPeak();
    await ledger.during("unload", subject, () => engine.stop());
  }
}
