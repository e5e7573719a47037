import { MemwellError } from "../../errors";
import type { RepoType } from "../layout";

/** What somebody wants removed or pinned, as they wrote it; what it names is for the scan to say. */
export interface RemoveTarget {
  text: string;
  /** Null: it was left out. */
  repo_type: RepoType | null;
  /** `ORG/NAME`, or with `/path/FILE` behind it, or a commit hash alone. */
  name: string;
  /** A ref, a commit hash or the beginning of one. */
  revision: string | null;
  quant: string | null;
}

const TYPES: Record<string, RepoType> = {
  model: "model",
  models: "model",
  dataset: "dataset",
  datasets: "dataset",
  space: "space",
  spaces: "space",
};

/**
 * Reads `[hf:][model/|dataset/|space/]ORG/NAME[/path/FILE][:QUANT][@REVISION]`, or a commit hash. Throws
 * `invalid_request` for a text that can name nothing in a cache.
 */
export function parseRemoveTarget(text: string): RemoveTarget {
  const [, body = ""] = /^(?:hf:)?(?:\/\/)?(.*)$/s.exec(text) ?? [];
  const at = body.lastIndexOf("@");
  const revision = at === -1 ? null : body.slice(at + 1);
  const path = at === -1 ? body : body.slice(0, at);
  const [, untyped = "", quant = null] = /^(.*?)(?::([^:/]*))?$/s.exec(path) ?? [];
  const slash = untyped.indexOf("/");
  const type = slash === -1 ? "" : untyped.slice(0, slash);
  const repoType = Object.hasOwn(TYPES, type) ? (TYPES[type] ?? null) : null;
  const name = repoType === null ? untyped : untyped.slice(slash + 1);
  if (![name, revision ?? "x"].every(isPath) || quant === "") throw unreadable(text);
  return { text, repo_type: repoType, name, revision, quant };
}

/** No part of it leads elsewhere, and a terminal can show it. */
function isPath(text: string): boolean {
  const isPlain = [...text].every((letter) => letter > "\u001f" && letter !== "\u007f");
  return isPlain && text.split("/").every((part) => !["", ".", ".."].includes(part));
}

function unreadable(text: string): MemwellError {
  return new MemwellError(
    "invalid_request",
    `${JSON.stringify(text)} names nothing in a cache. Write ORG/NAME, ORG/NAME@REVISION, ORG/NAME/FILE, ORG/NAME:QUANT or a ` +
      "commit hash, with dataset/ or space/ in front if it is one.",
    { target: text },
  );
}
