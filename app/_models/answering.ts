import type { ModelEntry } from "@/lib/wire";

/** Who answers, for the line above the chat. */
export interface Answering {
  /**
   * `builtin`: a model that came with Memwell; `demo`: one of random weights; `stand-in`: a built-in one in the place of one
   * that cannot be had; `own`: one that somebody chose.
   */
  kind: "builtin" | "demo" | "stand-in" | "own";
  /** One sentence, or two short ones. */
  words: string;
  /** Why the chosen one cannot be had; null unless a built-in one stands in. */
  why: string | null;
  /** By name; none where nobody says what it knows. */
  topics: string[];
}

/**
 * @param models of `GET /v1/models`
 * @param modelId who is asked: the agent, or one model alone
 */
export function answeringOf(models: readonly ModelEntry[], modelId: string, agentId: string): Answering | null {
  const asked = models.find(({ id }) => id === modelId);
  if (asked === undefined) return null;
  if (modelId !== agentId) return alone(asked);
  const others = models.filter(({ id }) => id !== agentId);
  const away = others.find(({ memwell }) => memwell.roles.length > 0 && memwell.stand_ins.length > 0);
  const [response, reasoning] = ["response", "reasoning"].map((role) =>
    others.find(({ memwell }) => memwell.roles.includes(role)),
  );
  if (away !== undefined) {
    const standIn = others.find(({ id }) => id === away.memwell.stand_ins[0]);
    const does = away.id === response?.id ? "answers" : "thinks";
    const words = `${away.id} cannot be had now: the built-in demo model ${does} instead.`;
    return { kind: "stand-in", words, why: away.memwell.error?.message ?? null, topics: topicsOf(standIn) };
  }
  const said = alone(asked);
  if (said.kind === "builtin" && reasoning?.memwell.source === "demo")
    return { ...said, words: `${said.words} What decides first has random weights.` };
  if (said.kind !== "own" || response === undefined) return said;
  const first = reasoning === undefined || reasoning.id === response.id ? "" : `, ${reasoning.id} thinks first`;
  return { ...said, words: `${response.id} answers${first}.` };
}

function alone(model: ModelEntry): Answering {
  const { source, built_in: about } = model.memwell;
  const topics = topicsOf(model);
  if (source === "demo")
    return { kind: "demo", words: "A demo model of random weights: what it says is nonsense.", why: null, topics };
  if (source !== "builtin") return { kind: "own", words: `${model.id} answers alone.`, why: null, topics };
  const size = about === null ? "" : `, ${countParameters(about.parameters)}`;
  return { kind: "builtin", words: `Built-in demo model${size}.`, why: null, topics };
}

function topicsOf(model: ModelEntry | undefined): string[] {
  return model?.memwell.built_in?.topics ?? [];
}

/** `4.2 million parameters`, `0.5 billion parameters`. */
export function countParameters(parameters: number): string {
  if (parameters >= 1e8) return `${(parameters / 1e9).toFixed(1)} billion parameters`;
  const millions = parameters / 1e6;
  return `${millions < 9.95 ? millions.toFixed(1) : Math.round(millions)} million parameters`;
}

/** What asks for one of the topics. */
export function questionAbout(topic: string): string {
  return `Can you explain ${topic}?`;
}

/** Those whose name has all of these words, in the order of the alphabet whatever article they begin with. */
export function findTopics(topics: readonly string[], asked: string): string[] {
  const words = asked
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const found = topics.filter((topic) => words.every((word) => topic.toLowerCase().includes(word)));
  const key = (topic: string): string => topic.toLowerCase().replace(/^(the|a|an) /, "");
  return found.sort((one, other) => key(one).localeCompare(key(other), "en"));
}
