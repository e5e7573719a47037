import { onTestFinished } from "vitest";

import { childrenOf } from "./processes";
import type { TestServer } from "./server";

const WORK_MS = 10;
const REST_MS = 90;

/**
 * Until the test is over, the models of a server work a tenth of the time. An answer that a visitor is to stop, leave or
 * come back to must still be written when he does, however quick the machine is and however long the browser takes.
 * Elsewhere than on Linux the models stay as quick as they are. Returns what makes them quick again before that.
 */
export function slowModels({ pid }: TestServer): () => void {
  if (process.platform !== "linux") return () => {};
  const stopped = new Set<number>();
  const letWork = () => {
    for (const child of stopped) signal(child, "SIGCONT");
    stopped.clear();
  };
  const rest = () => {
    for (const child of childrenOf(pid)) if (signal(child, "SIGSTOP")) stopped.add(child);
  };
  let timer: NodeJS.Timeout;
  const work = () => {
    letWork();
    timer = setTimeout(() => {
      rest();
      timer = setTimeout(work, REST_MS);
    }, WORK_MS);
  };
  work();
  const end = () => {
    clearTimeout(timer);
    letWork();
  };
  onTestFinished(end);
  return end;
}

/** False when the process is there no more. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
