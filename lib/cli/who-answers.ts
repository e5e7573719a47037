import { AGENT_ID, type ModelEntry } from "../wire";
import { printable } from "./output";

/** Which models answer, as one line: `Answers: memwell-response (built-in demo model, 4.2 million parameters); thinks first: ...`. */
export function whoAnswers(models: readonly ModelEntry[]): string {
  const [response, reasoning] = ["response", "reasoning"].map((role) =>
    models.find(({ id, memwell }) => id !== AGENT_ID && memwell.roles.includes(role)),
  );
  const says = response === undefined ? "nobody" : describe(response);
  const thinks =
    reasoning === undefined || reasoning.id === response?.id ? "" : `; thinks first: ${describe(reasoning)}`;
  return printable(`Answers: ${says}${thinks}.`);
}

function describe({ id, memwell }: ModelEntry): string {
  const { source, built_in: about, stand_ins: standIns } = memwell;
  if (standIns.length > 0) return `${standIns.join(", ")} in place of ${id}, which cannot be had`;
  if (source === "demo") return `${id} (random weights: nonsense)`;
  if (source !== "builtin") return id;
  const size = about === null ? "" : `, ${(about.parameters / 1e6).toFixed(1)} million parameters`;
  return `${id} (built-in demo model${size})`;
}
