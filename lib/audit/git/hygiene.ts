import { lstatSync, statSync } from "node:fs";
import { join } from "node:path";
import type { AuditReport } from "../contract";
import type { AuditPlan } from "../plan/contract";
import { askGit } from "./ask-git";
import type { GitHistory, GitHygiene } from "./contract";
import { LEAST_SIZE } from "./largest";
import { missingLines } from "./lines";
import { readObjects } from "./read-objects";

export interface GitOptions {
  signal?: AbortSignal | undefined;
  /** The program; null: none is run. Default: `git` on the path. */
  program?: string | null | undefined;
}

/**
 * What would keep the repository in an audited folder small once its plan is carried out. Null where the folder is no
 * repository's own. Nothing is written, in `.git` least of all.
 *
 * @throws MemwellError `aborted`
 */
export async function gitHygiene(
  report: AuditReport,
  plan: AuditPlan,
  options: GitOptions = {},
): Promise<GitHygiene | null> {
  const { folder } = report;
  if (!isRepository(folder)) return null;
  return { missing_lines: missingLines(folder, report, plan), history: await historyOf(folder, options) };
}

async function historyOf(folder: string, { signal, program = "git" }: GitOptions): Promise<GitHistory> {
  const asked = program === null ? null : await askGit(folder, { signal, program });
  const { largest, isComplete } = asked ?? readObjects(folder);
  return {
    source: asked === null ? "files" : "git",
    large_objects: largest.told(),
    least_size: LEAST_SIZE,
    is_complete: isComplete,
  };
}

/** A file in the place of the folder leads to a repository elsewhere: that one's history is not this folder's. */
function isRepository(folder: string): boolean {
  const path = join(folder, ".git");
  try {
    return lstatSync(path).isDirectory() && statSync(join(path, "HEAD")).isFile();
  } catch {
    return false;
  }
}
