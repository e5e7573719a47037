import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { builtInModels } from "./built-in-models.mjs";
import { fromRoot, root } from "./root.mjs";

const STANDALONE = fromRoot(".next", "standalone");
const PROGRAMS = ["cli", "engine-child", "cache-worker", "storage-worker"];

/**
 * Completes `.next/standalone`, so that this one folder, copied anywhere, runs: what Next leaves out on purpose (static
 * files), and the programs of `dist/` with the packages they need, which Next cannot see.
 */
export async function assembleStandalone() {
  removeStrays();
  replaceLinks();
  copy(".next/static");
  if (existsSync(fromRoot("public"))) copy("public");
  for (const file of builtInModels()) copy(file);
  for (const program of PROGRAMS) for (const file of [`${program}.js`, `${program}.js.map`]) copy(`dist/${file}`);
  for (const file of [...(await filesOfPrograms()), ...FOUND_BY_PATH]) copy(file);
  for (const folder of enginePackages()) copy(folder);
}

/** Every file in node_modules that the programs can reach by import or by a path they build. */
async function filesOfPrograms() {
  const { nodeFileTrace } = await import("@vercel/nft");
  const { fileList } = await nodeFileTrace(
    PROGRAMS.map((program) => fromRoot("dist", `${program}.js`)),
    {
      base: root,
      ignore: (file) => !/^(node_modules|dist)\//.test(file) || NEVER_NEEDED.some((pattern) => pattern.test(file)),
    },
  );
  return [...fileList].filter((file) => file.startsWith("node_modules/"));
}

/**
 * What a thread is told to load by a path that is found at run time: the calculator's library, and beside it what says that
 * it is CommonJS, without which Node takes it for a module and finds nothing in it.
 */
const FOUND_BY_PATH = ["package.json", "lib/browser/package.json", "lib/browser/math.js"].map(
  (file) => `node_modules/mathjs/${file}`,
);

/** Source bundle and build files of llama.cpp: they serve compiling it, which a running server never does. */
const NEVER_NEEDED = [
  /^node_modules\/node-llama-cpp\/llama\/(?!grammars\/|[^/]*\.json$)/,
  /^node_modules\/node-llama-cpp\/(bins|templates)\//,
  /^node_modules\/@node-llama-cpp\//, // copied whole, and only those this machine can use
  /^node_modules\/(typescript|sharp|@img)\//,
];

/** The engine builds this platform can load; CPU always, since it is what is left when a GPU cannot be used. */
function enginePackages() {
  const scope = "node_modules/@node-llama-cpp";
  const platform = process.platform === "darwin" ? "mac" : process.platform;
  return readdirSync(fromRoot(scope))
    .filter((name) => name === `${platform}-${process.arch}` || name.startsWith(`${platform}-${process.arch}-`))
    .filter((name) => existsSync(fromRoot(scope, name, "bins")))
    .map((name) => `${scope}/${name}`);
}

/**
 * A path that is only known at run time makes Next copy whatever it could mean, tests and sources too; and it brings
 * packages for optimizing images and for compiling, which nothing here does.
 */
function removeStrays() {
  const wanted = new Set([".next", "node_modules", "package.json", "public", "server.js"]);
  const strays = readdirSync(STANDALONE).filter((name) => !wanted.has(name));
  for (const name of [...strays, "node_modules/sharp", "node_modules/@img", "node_modules/typescript"]) {
    rmSync(path.join(STANDALONE, name), { recursive: true, force: true });
  }
}

/**
 * Turbopack asks for a package it leaves out by a name with a hash, which is a link to the package. Not every way to copy a
 * folder keeps a link that works, so each becomes what it stands for.
 */
function replaceLinks() {
  const folder = path.join(STANDALONE, ".next", "node_modules");
  const names = existsSync(folder) ? readdirSync(folder) : [];
  for (const link of names.map((name) => path.join(folder, name))) {
    if (!lstatSync(link).isSymbolicLink()) continue;
    const target = realpathSync(link);
    rmSync(link);
    cpSync(target, link, { recursive: true, dereference: true });
  }
}

function copy(relative) {
  const target = path.join(STANDALONE, relative);
  const stats = statSync(fromRoot(relative), { throwIfNoEntry: false });
  if (!stats) throw new Error(`${relative} is missing: the build did not make it`);
  mkdirSync(path.dirname(target), { recursive: true });
  cpSync(fromRoot(relative), target, { recursive: true, dereference: true });
}
