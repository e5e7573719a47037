import { isAbsolute, resolve } from "node:path";

/** Where a model comes from: a GGUF on this disk, or a file of a repository on the Hugging Face Hub. */
export type ModelReference =
  | { type: "path"; path: string }
  | { type: "hub"; repo: string; file: string | null; quant: string | null; revision: string | null };

export const MODEL_REFERENCE_FORMS = "a path to a GGUF file, or hf:ORG/REPO[/FILE][:QUANT][@REVISION]";

/** Null when the text is neither form. Relative paths count from `folder`. */
export function parseModelReference(text: string, folder: string): ModelReference | null {
  if (!text.startsWith("hf:")) {
    if (text.trim() === "" || text.includes("\0") || /^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return null;
    return { type: "path", path: isAbsolute(text) ? text : resolve(folder, text) };
  }
  const name = "[A-Za-z0-9][A-Za-z0-9._-]*";
  const form = new RegExp(
    `^hf:(${name}/${name})(?:/([^:@]+))?(?::([A-Za-z0-9_.-]+))?(?:@([A-Za-z0-9][A-Za-z0-9._/-]*))?$`,
  );
  const match = form.exec(text);
  if (match === null || match[2]?.split("/").some((part) => part === "" || part === "." || part === "..")) return null;
  return {
    type: "hub",
    repo: match[1] as string,
    file: match[2] ?? null,
    // One model has one name: it would have two processes otherwise.
    quant: match[3]?.toUpperCase() ?? null,
    revision: match[4] === undefined || match[4] === "main" ? null : match[4],
  };
}

/** The text that names a model again: what `parseModelReference` reads. */
export function formatModelReference(reference: ModelReference): string {
  if (reference.type === "path") return reference.path;
  const { repo, file, quant, revision } = reference;
  const parts = [
    file === null ? "" : `/${file}`,
    quant === null ? "" : `:${quant}`,
    revision === null ? "" : `@${revision}`,
  ];
  return `hf:${repo}${parts.join("")}`;
}
