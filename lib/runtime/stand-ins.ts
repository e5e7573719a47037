import { forVisitors, toMemwellError, type ErrorCode, type MemwellError } from "../errors";
import type { EngineLease, EnginePool, LeaseOptions } from "./engine-pool";
import { standInFor, type ModelRole, type RegisteredModel } from "./model-registry";

/** What the owner or a caller ended on purpose, or asked too often, says nothing about the model. */
const NO_FAULT_OF_THE_MODEL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "aborted",
  "engine_stopped",
  "engine_closed",
  "queue_full",
]);

export function isFaultOfModel({ code }: Pick<MemwellError, "code">): boolean {
  return !NO_FAULT_OF_THE_MODEL.has(code);
}

/** A lease of the model that was asked for, or of the built-in one that answers in its place. */
export interface GrantedLease {
  model: RegisteredModel;
  lease: EngineLease;
  standsIn: { for: string; why: string } | null;
}

export interface StandInParts {
  pool: Pick<EnginePool, "lease" | "stillMissing">;
  /** Told when a built-in model begins to answer for another one, and again when the reason is another. */
  onBegin: (standIn: RegisteredModel, model: RegisteredModel, error: MemwellError) => void;
}

/**
 * Leases the models of turns. Where one cannot be had, the built-in model of its role answers, and every turn says so; the
 * model itself is tried at each turn again, and answers as soon as it is there.
 */
export class StandIns {
  /** What was told last, by the id of the model that cannot be had. */
  readonly #told = new Map<string, string>();

  constructor(private readonly parts: StandInParts) {}

  /** @throws MemwellError what keeps the model from being had, where no other one can answer in its place */
  async lease(
    model: RegisteredModel,
    role: ModelRole,
    registered: readonly RegisteredModel[],
    options: (model: RegisteredModel) => LeaseOptions,
  ): Promise<GrantedLease> {
    const { pool } = this.parts;
    const standIn = standInFor(model, role, registered);
    if (standIn === null) return { model, lease: await pool.lease(model, options(model)), standsIn: null };
    const known = await pool.stillMissing(model);
    const asked = known ?? (await this.#try(model, options(model)));
    if ("engine" in asked) return { model, lease: asked, standsIn: null };
    const lease = await pool.lease(standIn, options(standIn)).catch((thrown: unknown) => {
      // What is to be mended is the model that was wanted.
      throw isFaultOfModel(toMemwellError(thrown)) ? asked : thrown;
    });
    this.#tell(standIn, model, asked);
    return { model: standIn, lease, standsIn: { for: model.id, why: forVisitors(asked.toRecord()).message } };
  }

  async #try(model: RegisteredModel, options: LeaseOptions): Promise<EngineLease | MemwellError> {
    try {
      const lease = await this.parts.pool.lease(model, options);
      this.#told.delete(model.id);
      return lease;
    } catch (thrown) {
      const error = toMemwellError(thrown);
      if (!isFaultOfModel(error)) throw error;
      return error;
    }
  }

  #tell(standIn: RegisteredModel, model: RegisteredModel, error: MemwellError): void {
    if (this.#told.get(model.id) === error.message) return;
    this.#told.set(model.id, error.message);
    this.parts.onBegin(standIn, model, error);
  }
}
