import type { ModelUnit } from "../models/unit";

/** Models of one shape that are kept in several formats or quants. */
export interface SameModel {
  units: ModelUnit[];
  /** "name": they also say the same name; "shape": fine-tunes of one base look so, too. */
  certainty: "name" | "shape";
}

const COMPLETE = new Set<ModelUnit["kind"]>(["gguf", "hub-cache", "full-model", "weights"]);

/** Models that are the same but for format and quant, as far as their headers and configs tell. */
export function findSameModels(units: readonly ModelUnit[]): SameModel[] {
  const found: SameModel[] = [];
  for (const alike of groupByShape(units)) {
    const named = new Map<string, ModelUnit[]>();
    for (const unit of alike) {
      const name = plainName(unit);
      const known = named.get(name);
      if (known === undefined) named.set(name, [unit]);
      else known.push(unit);
    }
    const sameName = [...named].filter(([name]) => name !== "").map(([, units]) => units);
    for (const units of sameName) if (hasVariants(units)) found.push({ units, certainty: "name" });
    if (!sameName.some(hasVariants) && hasVariants(alike)) found.push({ units: alike, certainty: "shape" });
  }
  return found;
}

/** Models whose headers say the same shape: layers, width, vocabulary, and values but for 3 %. */
export function groupByShape(units: readonly ModelUnit[]): ModelUnit[][] {
  const groups: ModelUnit[][] = [];
  for (const unit of units) {
    const { layers, width, parameters } = unit.facts;
    if (!COMPLETE.has(unit.kind) || layers === null || width === null || parameters === null) continue;
    const group = groups.find(([first]) => first !== undefined && isSameShape(first, unit));
    if (group === undefined) groups.push([unit]);
    else group.push(unit);
  }
  return groups.filter((group) => group.length > 1);
}

function isSameShape({ facts: left }: ModelUnit, { facts: right }: ModelUnit): boolean {
  if (left.layers !== right.layers || left.width !== right.width) return false;
  const [more, less] = [left.parameters ?? 0, right.parameters ?? 0].sort((a, b) => b - a) as [number, number];
  return less >= more * 0.97;
}

function hasVariants(units: readonly ModelUnit[]): boolean {
  return new Set(units.map(({ formats, facts }) => `${formats[0]} ${facts.quantization}`)).size > 1;
}

/** A name without its maker, its quant and its format; "" when none is known. */
function plainName({ repoId, facts }: ModelUnit): string {
  const name = (facts.name ?? repoId ?? "").toLowerCase().split("/").at(-1) ?? "";
  return name
    .replace(
      /\b(?:iq|q|tq)\d(?:[_-][a-z0-9]+)*\b|\b(?:bf16|fp16|f16|fp32|f32|int8|int4|gguf|gptq|awq|hf|safetensors)\b/g,
      "",
    )
    .replace(/[^a-z0-9]+/g, "");
}
