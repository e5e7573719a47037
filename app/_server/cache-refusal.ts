import { MemwellError } from "@/lib/runtime";

/** What went wrong with the cache as strangers are told it: not where on this machine it is. Anything else as it is. */
export function withoutCacheFolder(thrown: unknown): unknown {
  if (!(thrown instanceof MemwellError)) return thrown;
  const { cache_dir: folder, ...fields } = thrown.fields;
  if (typeof folder !== "string") return thrown;
  const message = thrown.message.replaceAll(JSON.stringify(folder), "The cache").replaceAll(folder, "the cache");
  return new MemwellError(thrown.code, message, fields);
}
