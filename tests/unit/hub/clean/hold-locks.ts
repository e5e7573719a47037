/** `tsx hold-locks.ts lock:PATH share:PATH...`: holds them, says so, and ends when its input does. */
import { tryLock, tryShare } from "../../../../lib/hub/lock";

for (const argument of process.argv.slice(2)) {
  const [kind = "", path = ""] = argument.split(/:(.*)/s);
  const held = kind === "lock" ? tryLock(path) : tryShare(path);
  if (held === null) throw new Error(`somebody else holds ${path}`);
}
process.stdin.resume();
process.stdout.write("ready\n");
