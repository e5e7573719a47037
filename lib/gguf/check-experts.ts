import type { MetadataView } from "./metadata-view";

const ROPE_SCALINGS = ["none", "linear", "yarn", "longrope"];
const COUNT = { least: 0, most: 65536 };

/**
 * Keys that llama.cpp checks with assertions, for every architecture (`llama_model::load_hparams`): a wrong one does not
 * fail the load but ends the process.
 *
 * @returns the number of experts of a mixture model, 0 for any other
 * @throws MemwellError `model_file_invalid`
 */
export function checkAssertedKeys(view: MetadataView, architecture: string, blockCount: number): number {
  const key = (name: string): string => `${architecture}.${name}`;
  const experts = view.count(key("expert_count"), COUNT) ?? 0;
  const usedCounts = view.countOrCounts(key("expert_used_count"), blockCount, COUNT) ?? 0;
  const used = typeof usedCounts === "number" ? usedCounts : Math.max(...usedCounts);
  const groups = view.count(key("expert_group_count"), COUNT) ?? 0;
  const groupsUsed = view.count(key("expert_group_used_count"), COUNT) ?? 0;
  if (used > experts || (experts > 0 && used < 1)) view.refuse(`it uses ${used} of its ${experts} experts`);
  if (groups > 0 && groups >= experts) view.refuse(`it has ${groups} groups of ${experts} experts`);
  if (groups > 1 && (experts % groups !== 0 || groupsUsed < 1 || groupsUsed >= groups)) {
    view.refuse(`it uses ${groupsUsed} of ${groups} groups of its ${experts} experts`);
  }
  view.count(key("nextn_predict_layers"), { least: 0, most: blockCount });
  const scaling = view.text(key("rope.scaling.type"));
  if (scaling !== null && !ROPE_SCALINGS.includes(scaling)) view.refuse(`its kind of rope scaling is unknown`);
  return experts;
}
