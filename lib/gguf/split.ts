/**
 * All files of a model that was split, from the name of any one: `NAME-00001-of-00003.gguf` (llama.cpp's
 * `llama_split_path`). A file of any other name is a whole model: itself alone.
 */
export function splitParts(path: string): string[] {
  const match = /^(.*-)(\d{5})-of-(\d{5})\.gguf$/.exec(path);
  const count = Number(match?.[3] ?? 0);
  if (match === null || count < 1) return [path];
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(5, "0");
    return `${match[1]}${number}-of-${match[3]}.gguf`;
  });
}
