import { execFile, type ChildProcess } from "node:child_process";

/** How a run of `nvidia-smi` ended. */
export type ProgramEnd =
  | { end: "exited"; code: number; output: string }
  /** There is no such program, or it may not be run. */
  | { end: "missing" }
  /** Past its time limit; `isGone` tells whether the kill has taken effect. */
  | { end: "timeout"; isGone: () => boolean }
  /** Killed by someone else, more output than allowed, or no process could be started. */
  | { end: "failed"; message: string };

/** Runs `nvidia-smi` with these arguments; never rejects. */
export type RunNvidiaSmi = (args: readonly string[]) => Promise<ProgramEnd>;

/** Eight GPUs with a hundred processes each print about a quarter of this. */
const OUTPUT_LIMIT_BYTES = 2 ** 18;
const TIME_LIMIT_MS = 3_000;

/**
 * Runs the real program.
 *
 * The answer comes at the time limit even if the process does not die: with a GPU off the bus `nvidia-smi` sits in the
 * driver, where not even SIGKILL reaches it, and waiting for its exit would hang with it.
 *
 * @param options.program name or path; "nvidia-smi" on the PATH by default
 * @param options.timeLimitMs 3,000 by default, which leaves a cold driver its second or two
 */
export function nvidiaSmi({
  program = "nvidia-smi",
  timeLimitMs = TIME_LIMIT_MS,
}: { program?: string; timeLimitMs?: number } = {}): RunNvidiaSmi {
  return (args) =>
    new Promise((resolve) => {
      let child: ChildProcess;
      try {
        child = execFile(
          /* turbopackIgnore: true */ program,
          [...args],
          { encoding: "utf8", maxBuffer: OUTPUT_LIMIT_BYTES, killSignal: "SIGKILL", windowsHide: true },
          (error, stdout, stderr) => {
            clearTimeout(timer);
            resolve(endOf(error, `${stdout}\n${stderr}`));
          },
        );
      } catch (thrown) {
        // Some causes (a folder that is a file, no memory for a process) are thrown; most come to the callback.
        resolve(endOf(thrown as ExecError, ""));
        return;
      }
      const timer = setTimeout(() => {
        child.kill("SIGKILL");
        // A process that cannot die must not keep this one alive, by its pipes or by itself.
        child.stdout?.destroy();
        child.stderr?.destroy();
        child.unref();
        resolve({ end: "timeout", isGone: () => child.exitCode !== null || child.signalCode !== null });
      }, timeLimitMs);
    });
}

type ExecError = Error & { code?: string | number | null };

function endOf(error: ExecError | null, output: string): ProgramEnd {
  if (error === null) return { end: "exited", code: 0, output };
  if (typeof error.code === "number") return { end: "exited", code: error.code, output };
  if (error.code === "ENOENT" || error.code === "EACCES" || error.code === "ENOTDIR") return { end: "missing" };
  return { end: "failed", message: error.message };
}
