import { MemwellError, toMemwellError } from "@/lib/runtime";

/** What went wrong with the cache as strangers are told it: not where on this machine it is. Anything else as it is. */
export function withoutCacheFolder(thrown: unknown): unknown {
  // By its shape: what the runtime throws is an instance of another bundle's class.
  const error = toMemwellError(thrown);
  const { cache_dir: folder, ...fields } = error.fields;
  if (typeof folder !== "string") return thrown;
  const message = error.message.replaceAll(JSON.stringify(folder), "The cache").replaceAll(folder, "the cache");
  return new MemwellError(error.code, message, fields);
}
