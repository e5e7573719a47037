import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { AuditReport } from "../contract";
import type { AuditPlan, StepAction } from "../plan/contract";
import type { MissingLines } from "./contract";

/** A longer file of patterns is nobody's. Bytes. */
const MOST_BYTES = 1_000_000;

/** What is not a model belongs to LFS from this size on: GitHub warns at 50 MB, and refuses at 100. Bytes. */
const LFS_FROM = 10_000_000;

/** After these steps its place holds a link out of the folder, or what the manifest brings. */
const OUTSIDE = new Set<StepAction>(["fetch-again", "publish", "move-to-cache"]);

const TRASH = ".memwell-trash";
const LFS = "filter=lfs diff=lfs merge=lfs -text";

/** What `.gitignore` and `.gitattributes` lack for what the folder holds once the plan is carried out. Reads those two. */
export function missingLines(folder: string, report: AuditReport, plan: AuditPlan): MissingLines[] {
  const steps = plan.phases.flatMap(({ steps }) => steps);
  const madeAgain = report.findings.filter(({ cause }) => cause === "made-again").map(({ path }) => `${path}/`);
  const caches = new Set(report.models.filter(({ kind }) => kind === "hub-cache").map(({ path }) => path));
  const outside = steps
    .filter(({ action }) => OUTSIDE.has(action))
    // What stands beside a model, such as its config, stays in the repository; a cache has nothing of its own.
    .flatMap(({ what, paths }) => (caches.has(what) ? [`${what}/`] : paths));
  const gone = steps.filter(({ action }) => action !== "compress").flatMap(({ paths }) => paths);
  const ignoring = readPatterns(join(folder, ".gitignore"));
  const wanted = [...madeAgain, ...outside, `${TRASH}/`].filter((path) => !ignoring.some((line) => covers(line, path)));
  const ignoreLines = unique(wanted.flatMap((path) => patternOf(path)));
  const all = [...ignoring, ...ignoreLines];
  const staying = largeFiles(report).filter((path) => !isBelow(path, gone) && !all.some((line) => covers(line, path)));
  const attributes = readPatterns(join(folder, ".gitattributes")).filter((line) => /\sfilter=lfs(?:\s|$)/.test(line));
  const inLfs = attributes.map((line) => line.split(/\s/, 1)[0] ?? "");
  const lfsLines = unique(
    staying.filter((path) => !inLfs.some((line) => covers(line, path))).flatMap((path) => lfsLine(path)),
  );
  return [
    { path: ".gitignore" as const, lines: ignoreLines, why: "tools make these again, or the manifest brings them" },
    {
      path: ".gitattributes" as const,
      lines: lfsLines,
      why: "large files that stay: git keeps each version of them whole",
    },
  ].filter(({ lines }) => lines.length > 0);
}

function largeFiles({ models, large_files: files }: AuditReport): string[] {
  const ofModels = models.flatMap((model) => model.files.map(({ path }) => path));
  const others = files.filter(
    ({ kind, apparent_size }) => apparent_size >= LFS_FROM && kind !== "git" && kind !== "lfs",
  );
  return [...ofModels, ...others.map(({ path }) => path)];
}

/** Whether a pattern of a plain form has a path: a name, a path, a folder, an ending. Others are taken for no. */
function covers(line: string, path: string): boolean {
  const ending = /^\*(\.[^*?[\]/]+)$/.exec(line)?.[1];
  if (ending !== undefined) return path.endsWith(ending);
  const plain = unescaped(line).replace(/\/(?:\*\*?)?$/, "");
  if (plain === "" || /[*?[\]]/.test(line.replace(/\\./g, "").replace(/\/\*\*?$/, ""))) return false;
  const own = path.replace(/\/$/, "");
  if (!plain.includes("/")) return own.split("/").includes(plain);
  const anchored = plain.replace(/^\//, "");
  return own === anchored || own.startsWith(`${anchored}/`);
}

/** None for a name that no line can hold: one with a newline, or with bytes that are no text. */
function patternOf(path: string): string[] {
  return isTold(path) ? [`/${path.replace(/[\\*?[\]]/g, "\\$&").replace(/ $/, "\\ ")}`] : [];
}

/** By the ending that says what it is; by its own path where it has none. */
function lfsLine(path: string): string[] {
  const ending = /[^/](\.[A-Za-z0-9]{1,16})$/.exec(path)?.[1];
  if (ending !== undefined) return [`*${ending} ${LFS}`];
  const [pattern] = patternOf(path);
  if (pattern === undefined) return [];
  return [`${/[\s"]/.test(pattern) ? JSON.stringify(pattern) : pattern} ${LFS}`];
}

function isTold(path: string): boolean {
  return !/[\p{Cc}\u2028\u2029]/u.test(path) && !/\\x[0-9a-f]{2}/.test(path);
}

function readPatterns(path: string): string[] {
  try {
    const stats = lstatSync(path);
    if (!stats.isFile() || stats.size > MOST_BYTES) return [];
    const lines = readFileSync(path, "utf8").split(/\r?\n/);
    return lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
  } catch {
    return [];
  }
}

function unescaped(line: string): string {
  return line.replace(/\\(.)/g, "$1");
}

function isBelow(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

function unique(lines: readonly string[]): string[] {
  return [...new Set(lines)];
}
