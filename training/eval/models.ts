import type { AgentRole } from "../../lib/agent";
import { readModel } from "../../lib/gguf";
import type { ModelDescription, Runtime } from "../../lib/runtime";
import type { Evaluation } from "../../lib/wire";
import type { Measure } from "./measures/judge";

type EvaluatedModel = Evaluation["models"][number];

/** Where the trainer writes which curriculum a model has learned. */
const CURRICULUM_KEY = "memwell.curriculum_sha256";

/**
 * Loads every model that a turn needs, the response model last: what keeps one from answering is known before the first
 * question, and no question pays for a first load.
 *
 * @throws MemwellError what keeps a model from loading
 */
export async function openModels(
  runtime: Runtime,
  { domain, signal, say }: { domain: string | null; signal: AbortSignal; say: (line: string) => void },
): Promise<EvaluatedModel[]> {
  const opened: EvaluatedModel[] = [];
  for (const role of ["reasoning", "response"] as const) {
    const model = runtime.models().find((one) => isFor(one, role, domain));
    if (model === undefined) continue;
    say(`Loading the ${role} model ${model.id}.`);
    const loaded = await runtime.load(model.id, {
      signal,
      onFetch: once(() => say(`Downloading ${model.path}; this can take a while.`)),
    });
    opened.push(await evaluated(loaded, role));
  }
  return opened;
}

/** Of a model that has learned a curriculum of this project the words are known, of all others what they are about. */
export function measureFor(models: readonly EvaluatedModel[], sha256: string, say: (line: string) => void): Measure {
  const learned = models.find(({ role }) => role === "response")?.curriculum_sha256 ?? null;
  if (learned !== null && learned !== sha256)
    say("The response model has learned another version of the curriculum: what was changed since counts as wrong.");
  return learned === null ? "facts" : "taught";
}

function isFor(model: ModelDescription, role: AgentRole, domain: string | null): boolean {
  if (role === "response" && domain !== null) return model.domain === domain;
  return model.roles.includes(role);
}

async function evaluated(model: ModelDescription, role: AgentRole): Promise<EvaluatedModel> {
  return {
    role,
    id: model.id,
    source: model.source,
    parameters: model.info?.parameters ?? null,
    file_bytes: model.fileBytes,
    curriculum_sha256: await curriculumOf(model),
  };
}

/** A domain's adapter is told by its base: what that one has not learned, no adapter of this project has. */
async function curriculumOf({ source, path }: ModelDescription): Promise<string | null> {
  if (source === "hub") return null;
  const { metadata } = await readModel(path);
  const entry = metadata.get(CURRICULUM_KEY);
  return entry?.type === "string" ? entry.value.slice(0, 64) : null;
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}
