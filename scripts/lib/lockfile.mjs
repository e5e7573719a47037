import { readFileSync, writeFileSync } from "node:fs";
import { fromRoot } from "./root.mjs";

const LOCKFILE = fromRoot("package-lock.json");

const SYSTEMS = ["darwin", "win32", "linux", "android", "freebsd", "openharmony"];
const PROCESSORS = ["arm64", "x64", "ia32", "arm", "loong64", "ppc64", "riscv64", "s390x", "wasm32"];

/**
 * What is wrong with package-lock.json, one sentence each; with `fix`, puts it right first.
 *
 * npm writes into the lockfile only those platform packages (mac, Windows, ...) which its registry had. Where a mirror
 * lacks some they vanish, and from then on `npm ci` refuses the lockfile everywhere. An entry needs no checksum: npm
 * only compares it, then skips it because of its `os` and `cpu`.
 */
export function checkLockfile({ fix = false } = {}) {
  const lock = JSON.parse(readFileSync(LOCKFILE, "utf8"));
  if (fix) writeFileSync(LOCKFILE, `${JSON.stringify(repaired(lock), null, 2)}\n`);
  const named = Object.keys(lock.packages).filter((folder) => lock.packages[folder].resolved);
  return [
    ...missingPackages(lock).map(({ name }) => `${name} is missing, so \`npm ci\` fails`),
    ...named.map((folder) => `${folder} names the registry it came from ("resolved")`),
  ];
}

/** Optional packages that another one asks for and that have no entry: `[{ name, version }]`. */
function missingPackages({ packages }) {
  return Object.entries(packages).flatMap(([parent, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !packages[`node_modules/${name}`] && !packages[`${parent}/node_modules/${name}`])
      .map(([name, version]) => ({ name, version })),
  );
}

/** Changes and returns `lock`. */
function repaired(lock) {
  for (const entry of Object.values(lock.packages)) delete entry.resolved;
  for (const { name, version } of missingPackages(lock)) {
    lock.packages[`node_modules/${name}`] = { version, optional: true, ...platformOf(name) };
  }
  const byFolder = ([left], [right]) => (left < right ? -1 : 1);
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(byFolder));
  return lock;
}

/** The `os` and `cpu` of a platform package, which its name always carries: `@scope/thing-darwin-arm64`. */
function platformOf(name) {
  // Also for an x64 Node on a Mac with an arm64 processor, which it can use.
  if (name === "@node-llama-cpp/mac-arm64-metal") return { os: ["darwin"], cpu: ["arm64", "x64"] };
  const words = name.replace("mac-", "darwin-").split(/[-/]/);
  const system = words.find((word) => SYSTEMS.includes(word));
  const processor = words.find((word) => PROCESSORS.includes(word));
  if (!processor || (!system && processor !== "wasm32")) {
    throw new Error(`package-lock.json lacks ${name}, whose name says no platform: add its entry by hand`);
  }
  return { ...(system && { os: [system] }), cpu: [processor] };
}
