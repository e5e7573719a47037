import { MemwellError } from "../errors";
import type { Ledger, StepSubject } from "../memory";
import { adapterFootprint, type ContextUse } from "../residency";
import { ContextSeats, type Seat, type SeatOptions } from "./context-seats";
import type { OpenedModel } from "./opened-model";
import type { OpenedModels } from "./opened-models";
import type { LocatedContext, RegisteredFiles } from "./registered-files";

/** Time for one context to write its sequences to disk, the last of them begun at the latest then. */
const CLOSE_WITHIN_MS = 2_000;

interface Process {
  model: OpenedModel;
  seats: ContextSeats;
  /** Files of adapters that it has read: they stay in its memory until it ends. */
  adapters: Set<string>;
}

export interface ModelContextsParts {
  opened: OpenedModels;
  files: RegisteredFiles;
  ledger: Ledger;
  /** Whether so many bytes more fit beside all models. */
  hasRoomFor: (bytes: number) => boolean;
  /** What contexts hold, or who uses them, has changed. */
  changed: () => void;
  /** What the steps of this base are recorded as. */
  subjectOf: (base: string) => StepSubject;
}

/**
 * The contexts of the processes there are, by the `path` of their base: one for each adapter that is used on it, opened when
 * it is first asked for. So a fine-tune costs no load of weights.
 */
export class ModelContexts {
  readonly #processes = new Map<string, Process>();

  constructor(private readonly parts: ModelContextsParts) {}

  /** A process of this base is ready. */
  begin(base: string, model: OpenedModel): void {
    const adapters = new Set(model.contexts.flatMap(({ adapter }) => adapter?.path ?? []));
    this.#processes.set(base, { model, seats: this.#seatsOf(base, model, adapters), adapters });
  }

  /** It is gone, or on its way. */
  end(base: string): void {
    const error = new MemwellError("engine_crashed", "The model's process ended. Ask again to load it anew.");
    this.#processes.get(base)?.seats.end(error);
    this.#processes.delete(base);
  }

  /** @throws MemwellError as `ContextSeats.take`; what is wrong with the adapter; `cache_in_use` */
  async take(base: string, { context, files }: LocatedContext, options: SeatOptions): Promise<Seat> {
    const process = this.#processes.get(base);
    if (process === undefined)
      throw new MemwellError("engine_crashed", "The model's process ended. Ask again to load it anew.");
    if (files !== null && !process.adapters.has(files.path)) {
      // Before another context is closed for it.
      await process.model.engine.checkAdapter(files.path);
      await this.parts.opened.holdAlso(base, files);
    }
    return process.seats.take(context, options);
  }

  shrink(base: string): Promise<void> {
    return this.#processes.get(base)?.seats.shrink() ?? Promise.resolve();
  }

  use(base: string): ContextUse {
    const { extra = 0, spare = 0 } = this.#processes.get(base)?.seats.use ?? {};
    const bytes = this.parts.opened.get(base)?.contextBytes ?? 0;
    return { extraBytes: extra * bytes, spareBytes: spare * bytes };
  }

  /** What adapters of this base will take that its process has not read yet; all of them while there is none. In bytes. */
  unreadAdapterBytes(base: string): number {
    const read = this.#processes.get(base)?.adapters;
    const unread = this.parts.files.domainAdapters(base).filter(({ path }) => read?.has(path) !== true);
    return unread.reduce((sum, { fileBytes }) => sum + adapterFootprint(fileBytes), 0);
  }

  #seatsOf(base: string, model: OpenedModel, adapters: Set<string>): ContextSeats {
    const { ledger, hasRoomFor, changed, subjectOf } = this.parts;
    const { engine } = model;
    return new ContextSeats(engine.contexts, {
      open: async (context, onProgress) => {
        const subject = { ...subjectOf(base), pid: engine.pid };
        await ledger.during("context", subject, () => engine.openContext(context, { onProgress }));
        model.changedContexts();
        if (context.adapter !== null) adapters.add(context.adapter.path);
      },
      close: async (name) => {
        const subject = { ...subjectOf(base), pid: engine.pid };
        const closing = () => engine.closeContext(name, CLOSE_WITHIN_MS);
        const { isPeakReset } = await ledger.during("save", subject, closing, ({ tokens }) => tokens);
        model.changedContexts({ isPeakReset });
      },
      reserve: () => {
        if (!hasRoomFor(model.contextBytes)) return false;
        model.claimContexts(1);
        return true;
      },
      claim: (more) => model.claimContexts(more),
      settle: () => {
        model.settleContexts();
        changed();
      },
    });
  }
}
