import { spawn, type ChildProcessByStdio } from "node:child_process";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { MemwellError } from "../../errors";
import { Largest } from "./largest";

/** More objects than the largest public repositories have. */
const MOST_OBJECTS = 20_000_000;

type Program = ChildProcessByStdio<Writable, Readable, null>;

/**
 * The large files of all branches and tags, as git knows them. Reads only, and reaches no network: what a clone left out is
 * not fetched.
 *
 * @returns null where there is no git, or it will not look at this repository
 * @throws MemwellError `aborted`
 */
export async function askGit(
  folder: string,
  { signal, program = "git" }: { signal?: AbortSignal | undefined; program?: string | undefined } = {},
): Promise<{ largest: Largest; isComplete: boolean } | null> {
  const list = start(program, folder, ["rev-list", "--objects", "--all", "--missing=allow-any"]);
  const look = start(program, folder, [
    "cat-file",
    "--batch-check=%(objecttype) %(objectname) %(objectsize) %(objectsize:disk) %(rest)",
    "--buffer",
  ]);
  const stop = (): void => {
    list.kill("SIGKILL");
    look.kill("SIGKILL");
  };
  signal?.addEventListener("abort", stop, { once: true });
  const ends = Promise.all([endOf(list), endOf(look)]);
  try {
    list.stdin.end();
    list.stdout.pipe(look.stdin);
    const largest = new Largest();
    let count = 0;
    for await (const line of createInterface({ input: look.stdout, crlfDelay: Infinity })) {
      if ((count += 1) > MOST_OBJECTS) break;
      see(line, largest);
    }
    if (count > MOST_OBJECTS) stop();
    const codes = await ends;
    if (signal?.aborted) throw new MemwellError("aborted", "Looking through the history was cancelled.");
    if (count > MOST_OBJECTS) return { largest, isComplete: false };
    return codes.every((code) => code === 0) ? { largest, isComplete: true } : null;
  } finally {
    signal?.removeEventListener("abort", stop);
    stop();
  }
}

function see(line: string, largest: Largest): void {
  const match = /^blob ([0-9a-f]{40,64}) (\d{1,15}) (\d{1,15}) ?(.*)$/.exec(line);
  if (match === null) return;
  const [, id = "", size, onDisk, path = ""] = match;
  largest.add({ id, size: Number(size), size_on_disk: Number(onDisk), path: path === "" ? null : path });
}

function start(program: string, folder: string, words: string[]): Program {
  const child = spawn(program, ["--no-pager", "-C", folder, ...words], {
    stdio: ["pipe", "pipe", "ignore"],
    // The repository may be a stranger's: whatever its settings say, git runs nothing and asks nobody for this.
    env: {
      ...withoutGit(process.env),
      // A repository further up is another one.
      GIT_CEILING_DIRECTORIES: dirname(folder),
      GIT_NO_LAZY_FETCH: "1",
      GIT_ALLOW_PROTOCOL: "none",
      GIT_TERMINAL_PROMPT: "0",
      GIT_OPTIONAL_LOCKS: "0",
      LC_ALL: "C",
    },
  });
  // Whoever ends first breaks the pipe of the other.
  child.stdin.on("error", () => {});
  child.stdout.on("error", () => {});
  return child;
}

/** What a hook that starts Memwell was given is about its own repository. */
function withoutGit(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const others = Object.entries(environment).filter(([name]) => !name.startsWith("GIT_"));
  return Object.fromEntries(others) as NodeJS.ProcessEnv;
}

/** The exit code; null when it was not there to be started, or was ended. */
function endOf(child: Program): Promise<number | null> {
  return new Promise((resolve) => {
    child.once("error", () => resolve(null));
    child.once("close", (code) => resolve(code));
  });
}
