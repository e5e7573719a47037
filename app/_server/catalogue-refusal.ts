import { MemwellError, toMemwellError } from "@/lib/runtime";

/** What is wrong with an owner's list of models as strangers are told it: not where the file is, nor what it holds. */
export function withoutCatalogueFile(thrown: unknown): unknown {
  if (toMemwellError(thrown).code !== "invalid_setting") return thrown;
  return new MemwellError(
    "invalid_setting",
    "This server's list of models cannot be read. Its administrator is told here what is wrong with it.",
  );
}
