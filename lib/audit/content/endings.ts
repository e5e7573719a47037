import type { Kind } from "../kinds";
import type { BytePath } from "../walk/byte-path";

const ENDINGS: Partial<Record<Kind, string>> = {
  code: "py js mjs cjs ts tsx jsx c h cc cpp hpp rs go java kt rb php sh css html vue svelte toml yaml yml sql ipynb lock",
  documentation: "md rst txt adoc tex",
  dataset: "csv tsv jsonl parquet arrow npy npz",
  archive: "zip tar gz tgz bz2 xz zst 7z rar bak",
  media: "png jpg jpeg gif webp svg ico pdf mp3 wav mp4 woff woff2 ttf",
  build: "o a so pyc map class",
};

const BY_ENDING = new Map<string, Kind>(
  Object.entries(ENDINGS).flatMap(([kind, endings]) => endings.split(" ").map((ending) => [ending, kind as Kind])),
);

/** What a small file is by its name alone: a guess, for the many that are not opened. */
export function kindByEnding(name: BytePath): Kind {
  const ending = /\.([a-z0-9]{1,7})$/i.exec(name)?.[1]?.toLowerCase() ?? "";
  return BY_ENDING.get(ending) ?? "other";
}
