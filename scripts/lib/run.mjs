import { spawn } from "node:child_process";
import { fromRoot, root } from "./root.mjs";

/**
 * Runs a program to its end.
 *
 * `output`: "inherit" shows what it prints as it comes; "capture" keeps it, to be shown only when something failed.
 * Resolves to `{ code, output, seconds }`; a program that cannot be started, or was ended by a signal or by the time
 * limit (`timeoutMs`), has the code 127 or 1.
 */
export function run(program, programArguments, { output = "inherit", env = {}, cwd = root, timeoutMs } = {}) {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(program, programArguments, {
      cwd,
      env: { ...process.env, ...env },
      stdio: output === "inherit" ? "inherit" : ["ignore", "pipe", "pipe"],
      timeout: timeoutMs,
    });
    let captured = "";
    child.stdout?.on("data", (chunk) => (captured += chunk));
    child.stderr?.on("data", (chunk) => (captured += chunk));
    // Asked to end, a script ends what it started, then itself: `npm run dev` must not leave a server behind.
    const endChild = () => {
      child.once("close", () => process.exit(128 + 15));
      child.kill("SIGTERM");
    };
    process.once("SIGTERM", endChild);
    const finish = (code) => {
      process.off("SIGTERM", endChild);
      resolve({ code, output: captured, seconds: (performance.now() - started) / 1000 });
    };
    child.once("error", (error) => {
      captured += error.message;
      finish(127);
    });
    child.once("close", (code) => finish(code ?? 1));
  });
}

/** A package's own command, started without npx: one process and half a second less. */
export function runPackage(entry, programArguments, options) {
  return run(process.execPath, [fromRoot("node_modules", entry), ...programArguments], options);
}

/** Runs one named step; prints a line with its time, and what it said when it failed. Resolves to whether it passed. */
export async function step(name, action) {
  const { code, output, seconds } = await action();
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${name} (${seconds.toFixed(1)} s)`);
  if (code !== 0 && output) console.log(output.trimEnd());
  return code === 0;
}

/** Ends a script with a message a person can act on; the stack is for us, behind MEMWELL_DEBUG. */
export function reportFailure(error) {
  console.error(process.env.MEMWELL_DEBUG ? error : `\n${error.message}`);
  process.exitCode = 1;
}
