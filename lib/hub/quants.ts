/*
 * What the names of GGUF files say. There is no list of quants to check against: new ones come every few months, and all
 * follow the pattern of llama.cpp's `LLAMA_FTYPE` names.
 */

/** A model in one GGUF file, or in the parts of a split one. */
export interface GgufSet {
  /** In order; the first is the one to load. */
  paths: string[];
  /** Bytes of all parts. */
  size: number;
  /** As the name says it, in capitals: `Q4_K_M`; null when it says nothing. */
  quant: string | null;
}

const QUANT =
  /(?:^|[-._/])((?:UD-)?(?:(?:IQ|TQ|Q)\d(?:_[A-Z0-9]+)*|(?:BF|FP|F)16|(?:FP|F)32|(?:MX|NV)FP4(?:_MOE)?))(?=[-./]|$)/gi;
const SPLIT = /-(\d{5})-of-(\d{5})(?=\.gguf$)/;
/** Files that belong to a model and are none: images in, importance of weights, adapters, tokens ahead. */
const HELPERS = /(?:^|[-._/])(?:mmproj|imatrix|lora|adapter|vocab|mtp|draft)(?=[-._/]|$)/i;

/** The quant that a file's name tells, or else the folder it is in: `Q4_K_M/model-00001-of-00002.gguf` is `Q4_K_M`. */
export function quantOf(path: string): string | null {
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.gguf$/i, "");
  const folders = path.slice(0, -name.length);
  const found = [...name.matchAll(QUANT)].at(-1) ?? [...folders.matchAll(QUANT)].at(-1);
  return found?.[1]?.toUpperCase() ?? null;
}

/** Whether a file is of the quant that somebody asks for; `q4_k_m` also means `UD-Q4_K_M`. */
export function isOfQuant(path: string, quant: string): boolean {
  const found = quantOf(path);
  const asked = quant.toUpperCase();
  return found !== null && (found === asked || found === `UD-${asked}`);
}

/** The whole models among a repository's files; a split one of which a part is missing is left out. */
export function ggufSets(files: readonly { path: string; size: number }[]): GgufSet[] {
  const sizes = new Map(files.map(({ path, size }) => [path, size]));
  const sets: GgufSet[] = [];
  for (const path of sizes.keys()) {
    if (!/\.gguf$/i.test(path) || HELPERS.test(path)) continue;
    const paths = partsOf(path);
    if (paths[0] !== path || !paths.every((part) => sizes.has(part))) continue;
    const size = paths.reduce((sum, part) => sum + (sizes.get(part) ?? 0), 0);
    sets.push({ paths, size, quant: quantOf(path) });
  }
  return sets;
}

/** Above what `Q8_0` keeps nothing is gained by more bits but a slower answer. */
export function isUnquantized({ quant }: Pick<GgufSet, "quant">): boolean {
  return quant !== null && /^(?:BF|FP|F)(?:16|32)$/.test(quant);
}

/** All parts by the name of any one, as llama.cpp's `llama_split_path` writes them. */
function partsOf(path: string): string[] {
  const [, , count] = SPLIT.exec(path) ?? [];
  // A count of thousands is nobody's model, but somebody's attempt at a very long list.
  if (count === undefined || Number(count) < 1 || Number(count) > 2000) return [path];
  return Array.from({ length: Number(count) }, (_, index) =>
    path.replace(SPLIT, `-${String(index + 1).padStart(5, "0")}-of-${count}`),
  );
}
