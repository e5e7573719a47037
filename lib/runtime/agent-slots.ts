import type { AcquireSlot, AgentRole, AgentSlot } from "../agent";
import type { EngineStep } from "../engine";
import { MemwellError } from "../errors";
import { readProcessMemory, type Ledger } from "../memory";
import type { WaitEvent } from "./contract";
import { modelOfDomain } from "./domains";
import type { EngineLease, LeaseOptions } from "./engine-pool";
import { GenerationSteps } from "./generation-steps";
import { contextNameOf, idOfPath, type ModelRole, type RegisteredModel } from "./model-registry";
import type { GrantedLease } from "./stand-ins";
import { toWaitEvent } from "./wait-events";

/** What the slots of one turn are recorded as. */
export interface TurnSubject {
  run: string;
  turn: number | undefined;
}

/**
 * Gives the agent slots of the registered models, by their roles; for the response, by the domain asked for.
 *
 * @param pool.lease of the model for this role, or of the one that answers in its place
 * @param pool.resident the `path`s of the models that are in memory now
 */
export function agentSlots(
  pool: {
    lease: (
      model: RegisteredModel,
      role: ModelRole,
      options: (model: RegisteredModel) => LeaseOptions,
    ) => Promise<GrantedLease>;
    resident: () => string[];
  },
  registered: readonly RegisteredModel[],
  ledger: Ledger,
  subject: TurnSubject,
): AcquireSlot<WaitEvent> {
  return async (role, { signal, onWait, domain }) => {
    const wanted = domain === undefined ? modelOf(role, registered) : modelOfDomain(domain, registered);
    const before = pool.resident();
    const { model, lease, standsIn } = await pool.lease(wanted, role, (waitedFor) => ({
      signal,
      cause: subject,
      onEvent: (event) => onWait(toWaitEvent(event, waitedFor, registered)),
      onFetch: (progress) => onWait({ type: "fetching", progress }),
    }));
    const now = pool.resident();
    const gone = before.includes(model.path) ? [] : before.filter((path) => !now.includes(path));
    return {
      ...slotOf(model, lease, ledger, subject),
      swappedOut: gone.map((path) => idOfPath(path, null, registered)),
      ...(model.domain !== undefined && { domain: model.domain }),
      ...(standsIn !== null && { standsIn }),
      ...(lease.replaced !== null && { replaced: nameOfContext(model.path, lease.replaced, registered) }),
    };
  };
}

function modelOf(role: AgentRole, registered: readonly RegisteredModel[]): RegisteredModel {
  const model = registered.find(({ roles }) => roles.includes(role));
  if (model !== undefined) return model;
  throw new MemwellError("model_not_found", `No model has the role ${role}. Name one in the settings.`, { role });
}

/** What people know a context by: its domain, or else its model's id. */
function nameOfContext(path: string, context: string, registered: readonly RegisteredModel[]): string {
  const model = registered.find((other) => other.path === path && contextNameOf(other) === context);
  return model?.domain ?? model?.id ?? context;
}

function slotOf(
  model: RegisteredModel,
  lease: EngineLease,
  ledger: Ledger,
  subject: TurnSubject,
): Omit<AgentSlot, "swappedOut" | "domain" | "replaced" | "standsIn"> {
  const { engine, contextName: context } = lease;
  const { contextSize = 0, parameters = null } = engine.info ?? {};
  return {
    model: { id: model.id, contextSize, parameters },
    async *generate(request, { signal }) {
      refuseLost(lease);
      const steps = new GenerationSteps(ledger, { ...subject, model: model.id, pid: engine.pid });
      const onStep = (step: EngineStep): void => steps.seeState(step);
      try {
        for await (const event of engine.generate({ ...request, context }, { signal, onStep })) {
          steps.see(event);
          yield event;
        }
      } finally {
        steps.end("aborted");
      }
    },
    score: async (request, { signal }) => {
      refuseLost(lease);
      return engine.score({ ...request, context }, { signal });
    },
    countTokens: async (messages, { signal }) => {
      refuseLost(lease);
      return (await engine.countTokens({ messages }, { signal })).tokens;
    },
    memoryBytes: () => (engine.pid === null ? null : (readProcessMemory(engine.pid)?.anonymous ?? null)),
    release: lease.release,
  };
}

/** An engine would start a dead child again by itself, past the budget. */
function refuseLost(lease: EngineLease): void {
  if (lease.isLost()) throw new MemwellError("engine_crashed", "The model's process ended. Ask again to load it anew.");
}
