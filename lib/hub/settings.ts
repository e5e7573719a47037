import { readFileSync } from "node:fs";

/** Where the cache is and how the Hub is reached: what `lib/config` reads from the HF_* variables. */
export interface HubSettings {
  /** The cache folder, `.../huggingface/hub`; it need not exist yet. */
  cacheDir: string;
  /** Xet's own cache of chunks, beside `hub/`. */
  xetDir: string;
  /** What libraries keep beside their models, beside `hub/`. */
  assetsDir: string;
  /** Without a trailing slash, such as `https://huggingface.co`. */
  endpoint: string;
  /** From the environment; null: the token file is asked at each call, since people log in meanwhile. */
  token: string | null;
  tokenPath: string;
  /** Nothing is asked of the Hub; what is in the cache is all there is. */
  offline: boolean;
}

/** The access token to send; null when there is none. The file is that of `hf auth login`. */
export function accessToken(settings: Pick<HubSettings, "token" | "tokenPath">): string | null {
  if (settings.token !== null) return settings.token;
  try {
    return (
      readFileSync(settings.tokenPath, "utf8")
        .replace(/[\r\n]/g, "")
        .trim() || null
    );
  } catch {
    return null;
  }
}
