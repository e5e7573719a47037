import { readFileSync, statSync, type Dirent } from "node:fs";
import { join } from "node:path";
import type { Findings } from "./findings";
import { listFolder, statOrNull } from "../folder";
import { isOsFile } from "../layout";

/** A commit hash has 40 bytes; whatever is much longer is no ref, and is not read into memory. */
const LONGEST_REF = 1024;

/** The refs of one repository by the commit they name: `refs/refs/pr/1` is `refs/pr/1`. */
export function readRefs(refsFolder: string, findings: Findings): Map<string, string[]> {
  const refs = new Map<string, string[]>();
  findings.witness?.saw(refsFolder);
  if (findings.leadsOutside(refsFolder, "this folder of refs")) return refs;
  const root = statOrNull(refsFolder);
  if (root === null) return refs;
  if (!root.isDirectory()) {
    findings.damage(refsFolder, "refs should be a folder");
    return refs;
  }
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of listFolder(join(refsFolder, folder), findings) ?? []) {
      const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(name);
      else if (!isOsFile(entry.name)) addRef(refs, name, readRef(join(refsFolder, name), entry, findings));
    }
  }
  return refs;
}

function addRef(refs: Map<string, string[]>, name: string, commit: string | null): void {
  if (commit !== null) refs.set(commit, [...(refs.get(commit) ?? []), name].sort());
}

/** Null when there is no commit to read; a link that leads outside is not read at all. */
function readRef(path: string, entry: Dirent, findings: Findings): string | null {
  findings.witness?.saw(path);
  if (entry.isSymbolicLink() && (findings.leadsOutside(path, "this ref") || statOrNull(path)?.isDirectory()))
    return null;
  const text = refText(path);
  if (text === null) findings.damage(path, "this ref cannot be read");
  // huggingface_hub writes none, compares the text as it is, and so finds no such commit.
  else if (text !== text.trim()) findings.damage(path, "this ref has blanks or a line break around its commit");
  return text?.trim() ?? null;
}

/** What a ref says; null for what is no small file: reading a pipe would wait for ever. */
export function refText(path: string): string | null {
  try {
    const stats = statSync(path);
    return stats.isFile() && stats.size <= LONGEST_REF ? readFileSync(path, "utf8") : null;
  } catch {
    return null;
  }
}
