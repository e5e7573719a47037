import { existsSync, readdirSync, statSync } from "node:fs";
import { fromRoot } from "./root.mjs";

/** The models that Memwell ships with, as paths from the root; whatever else lies in their folder is nobody's. */
export function builtInModels() {
  const names = existsSync(fromRoot("models")) ? readdirSync(fromRoot("models")).sort() : [];
  const paths = names.filter((name) => /^memwell-[a-z]+\.gguf$/.test(name)).map((name) => `models/${name}`);
  return paths.filter((path) => existsSync(fromRoot(path)));
}

/** Tells one state of these files from another. By size and time: tens of megabytes are not read at every start for it. */
export function builtInModelsStamp() {
  return builtInModels().map((path) => {
    const { size, mtimeMs } = statSync(fromRoot(path));
    return `${path} ${size} ${mtimeMs}`;
  });
}
