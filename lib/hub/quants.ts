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
const SPLIT = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/s;
/** A count of thousands is nobody's model, but somebody's attempt at a very long list. */
const MOST_PARTS = 2000;
/** No name is longer on any disk; the time that `QUANT` takes grows with the square of it. */
const LONGEST_NAME = 255;
/** Files that belong to a model and are none: images in, importance of weights, tokens ahead. */
const HELPERS = /(?:^|[-._/])(?:mmproj|imatrix|vocab|mtp|draft)(?=[-._/]|$)/i;
const ADAPTERS = /(?:^|[-._/])(?:lora|adapter)(?=[-._/]|$)/i;

/** The quant that a file's name tells, or else the folder it is in: `Q4_K_M/model-00001-of-00002.gguf` is `Q4_K_M`. */
export function quantOf(path: string): string | null {
  const nameStart = path.lastIndexOf("/") + 1;
  const name = path.slice(nameStart).replace(/\.gguf$/i, "");
  return lastQuant(name) ?? lastQuant(path.slice(0, nameStart));
}

function lastQuant(text: string): string | null {
  const [, quant] = [...text.slice(-LONGEST_NAME).matchAll(QUANT)].at(-1) ?? [];
  return quant?.toUpperCase() ?? null;
}

/** Those of the quant that somebody asks for; `q4_k_m` also means `UD-Q4_K_M` where there is no other. */
export function setsOfQuant(sets: readonly GgufSet[], quant: string): GgufSet[] {
  const asked = quant.toUpperCase();
  const exact = sets.filter((set) => set.quant === asked);
  return exact.length > 0 ? exact : sets.filter((set) => set.quant === `UD-${asked}`);
}

/**
 * The whole models among a repository's files; a split one of which a part is missing is left out.
 *
 * @param kind adapters are told from models by their names; where no name says so, every file may be one.
 */
export function ggufSets(
  files: readonly { path: string; size: number }[],
  kind: "model" | "adapter" = "model",
): GgufSet[] {
  const sets = allSets(files);
  const isAdapter = ({ paths: [path = ""] }: GgufSet) => ADAPTERS.test(path);
  if (kind === "model") return sets.filter((set) => !isAdapter(set));
  const adapters = sets.filter(isAdapter);
  return adapters.length > 0 ? adapters : sets;
}

function allSets(files: readonly { path: string; size: number }[]): GgufSet[] {
  const sizes = new Map(files.map(({ path, size }) => [path, size]));
  const models = [...sizes.keys()].filter((path) => /\.gguf$/i.test(path) && !HELPERS.test(path));
  return models.flatMap((path) => setOf(path, sizes) ?? []);
}

/** The set that begins with this file; null when it is a later part, or when one is missing. */
function setOf(path: string, sizes: ReadonlyMap<string, number>): GgufSet | null {
  const [, stem = "", number, count] = SPLIT.exec(path) ?? [];
  const isSplit = count !== undefined && Number(count) >= 1 && Number(count) <= MOST_PARTS;
  if (!isSplit) return { paths: [path], size: sizes.get(path) ?? 0, quant: quantOf(path) };
  if (Number(number) !== 1) return null;
  const set: GgufSet = { paths: [], size: 0, quant: quantOf(path) };
  for (let index = 1; index <= Number(count); index++) {
    // As llama.cpp's `llama_split_path` writes them.
    const part = `${stem}-${String(index).padStart(5, "0")}-of-${count}.gguf`;
    const size = sizes.get(part);
    if (size === undefined) return null;
    set.paths.push(part);
    set.size += size;
  }
  return set;
}

/** Above what `Q8_0` keeps nothing is gained by more bits but a slower answer. */
export function isUnquantized({ quant }: Pick<GgufSet, "quant">): boolean {
  return quant !== null && /^(?:BF|FP|F)(?:16|32)$/.test(quant);
}
