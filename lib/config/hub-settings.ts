import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where the Hugging Face cache is and how the Hub is reached. Paths are absolute. */
export interface HubConfig {
  /** `.../huggingface/hub`, which need not exist yet. */
  cacheDir: string;
  xetDir: string;
  assetsDir: string;
  /** Without a trailing slash. */
  endpoint: string;
  /** From the environment; null when the token file is to be asked. */
  token: string | null;
  tokenPath: string;
  offline: boolean;
}

export const HUB_PATH_SETTINGS = [
  "HF_HOME",
  "HF_HUB_CACHE",
  "HUGGINGFACE_HUB_CACHE",
  "HF_XET_CACHE",
  "HF_ASSETS_CACHE",
  "HUGGINGFACE_ASSETS_CACHE",
  "HF_TOKEN_PATH",
  "XDG_CACHE_HOME",
] as const;

const ENDPOINT = "https://huggingface.co";
const TRUE_VALUES = new Set(["1", "ON", "YES", "TRUE"]);

/**
 * The HF_* variables with the precedence of huggingface_hub 1.29 (`constants.py`, `utils/_auth.py`), but that an empty text
 * counts as not set, as everywhere in Memwell. `~`, `$NAME` and `${NAME}` in a path are replaced, as there.
 *
 * @param folder where relative paths count from
 */
export function readHubSettings(environment: Record<string, string | undefined>, folder: string): HubConfig {
  const path = (...candidates: (string | undefined)[]): string =>
    resolve(folder, expand(candidates.find(Boolean) ?? "", environment));
  const homeFolder = environment["HOME"] || homedir();
  const home = path(
    environment["HF_HOME"],
    join(environment["XDG_CACHE_HOME"] || join(homeFolder, ".cache"), "huggingface"),
  );
  const { HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, HF_XET_CACHE, HF_ASSETS_CACHE, HUGGINGFACE_ASSETS_CACHE } = environment;
  const offline = environment["HF_HUB_OFFLINE"] || environment["TRANSFORMERS_OFFLINE"] || "";
  return {
    cacheDir: path(HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, join(home, "hub")),
    xetDir: path(HF_XET_CACHE, join(home, "xet")),
    assetsDir: path(HF_ASSETS_CACHE, HUGGINGFACE_ASSETS_CACHE, join(home, "assets")),
    endpoint: (environment["HF_ENDPOINT"] || ENDPOINT).replace(/\/+$/, ""),
    token: cleanToken(environment["HF_TOKEN"] || environment["HUGGING_FACE_HUB_TOKEN"]),
    tokenPath: path(environment["HF_TOKEN_PATH"], join(home, "token")),
    offline: TRUE_VALUES.has(offline.toUpperCase()),
  };
}

/** Whether a text is an address that requests can be sent to. */
export function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const address = new URL(text);
  return /^https?:$/.test(address.protocol) && address.search === "" && address.username === "";
}

function cleanToken(text: string | undefined): string | null {
  return text?.replace(/[\r\n]/g, "").trim() || null;
}

/** A variable that is not set stays as it is written, as in Python's `expandvars`. */
function expand(path: string, environment: Record<string, string | undefined>): string {
  const withHome = path.replace(/^~(?=\/|$)/, () => environment["HOME"] || homedir());
  return withHome.replace(
    /\$(?:(\w+)|\{([^}]*)\})/g,
    (whole, plain: string | undefined, braced: string | undefined) => environment[plain ?? braced ?? ""] ?? whole,
  );
}
