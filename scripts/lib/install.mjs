import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { fromRoot } from "./root.mjs";
import { run } from "./run.mjs";
import { hashInputs, readStamp, writeStamp } from "./stamp.mjs";

const STAMP = fromRoot("node_modules", ".memwell-install.json");

/** For drivers of CUDA 13; the second one has what drivers of CUDA 12 and older cards need. */
const CUDA_PACKAGES = ["@node-llama-cpp/linux-x64-cuda", "@node-llama-cpp/linux-x64-cuda-ext"];

// node-llama-cpp would fetch or compile llama.cpp when no prebuilt fits; a small machine must never start compiling.
const INSTALL_ENVIRONMENT = { NODE_LLAMA_CPP_SKIP_DOWNLOAD: "true" };

/**
 * Brings node_modules to what package-lock.json says, and adds the CUDA build of the engine where there is an NVIDIA
 * GPU. Does nothing, in a few milliseconds, when both are so already. Throws when `npm ci` fails.
 */
export async function ensureInstalled() {
  const hash = hashInputs(["package-lock.json"]);
  if (readStamp(STAMP)?.hash !== hash) {
    if (!matchesLockfile()) await installPackages();
    writeStamp(STAMP, { hash });
  }
  await ensureCudaBuild();
}

async function installPackages() {
  console.log("Installing packages (npm ci) ...");
  // --include=dev: with NODE_ENV=production npm leaves out what the build itself needs.
  const { code } = await run("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"], { env: INSTALL_ENVIRONMENT });
  if (code !== 0) throw new Error("`npm ci` failed; its message is above. Check the network, then run this again.");
}

/**
 * Whether somebody's own `npm ci` or `npm install` already did the work: npm keeps a list of what it installed in
 * node_modules/.package-lock.json. Without this, the first `npm start` after an `npm install` would install twice.
 */
function matchesLockfile() {
  const installed = readJson(fromRoot("node_modules", ".package-lock.json"))?.packages;
  if (!installed) return false;
  const wanted = readJson(fromRoot("package-lock.json")).packages;
  return Object.entries(wanted).every(([folder, { version, integrity, optional }]) => {
    if (folder === "") return true;
    const found = installed[folder];
    if (!found) return optional === true;
    return found.version === version && found.integrity === integrity && existsSync(fromRoot(folder, "package.json"));
  });
}

/** `MEMWELL_GPU_BUILD`: "auto" adds the CUDA build where there is an NVIDIA GPU; "never" leaves it out. */
async function ensureCudaBuild() {
  const possible = process.platform === "linux" && process.arch === "x64";
  if (!possible || process.env.MEMWELL_GPU_BUILD === "never" || hasCudaBuild()) return;
  const { code } = await run("nvidia-smi", ["-L"], { output: "capture", timeoutMs: 10_000 });
  if (code !== 0 || (await installCudaBuild())) return;
  console.warn(
    "The CUDA build could not be installed: models will run on the CPU. " +
      "Run the command again to retry, or set MEMWELL_GPU_BUILD=never to stop trying.",
  );
}

/** The engine build an image is made for, "cpu" or "cuda", on a machine that need not have a GPU. Throws if it fails. */
export async function ensureEngineBuild(accelerator) {
  if (accelerator !== "cpu" && accelerator !== "cuda") {
    throw new Error(`There is no engine build "${accelerator}": it is cpu or cuda.`);
  }
  if (accelerator === "cuda" && !hasCudaBuild() && !(await installCudaBuild())) {
    throw new Error("The engine's CUDA build could not be installed; npm's message is above.");
  }
}

function hasCudaBuild() {
  return CUDA_PACKAGES.every((name) => existsSync(fromRoot("node_modules", name, "bins")));
}

/**
 * package.json overrides the GPU builds away so that nobody downloads 640 MB in vain. npm applies overrides to a whole
 * tree, so the ones that are wanted are installed into a tree of their own and moved over.
 */
async function installCudaBuild() {
  const { version } = readJson(fromRoot("node_modules", "node-llama-cpp", "package.json"));
  console.log("Installing the engine's CUDA build (320 MB) ...");
  const workshop = fromRoot("node_modules", ".memwell-cuda");
  const wanted = CUDA_PACKAGES.map((name) => `${name}@${version}`);
  const options = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund"];
  mkdirSync(workshop, { recursive: true });
  try {
    const environment = { env: INSTALL_ENVIRONMENT, cwd: workshop };
    const { code } = await run("npm", ["install", "--prefix", workshop, ...options, ...wanted], environment);
    if (code !== 0) return false;
    for (const name of CUDA_PACKAGES) {
      rmSync(fromRoot("node_modules", name), { recursive: true, force: true });
      renameSync(`${workshop}/node_modules/${name}`, fromRoot("node_modules", name));
    }
    return true;
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
}
