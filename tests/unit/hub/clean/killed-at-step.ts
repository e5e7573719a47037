/** `tsx killed-at-step.ts CACHE STEP`: removes every model, and is killed right before the change of this number. */
import { writeSync } from "node:fs";
import { executePlan } from "../../../../lib/hub/clean/execute-plan";
import { readCacheView } from "../../../../lib/hub/clean/inventory";
import { planKeep } from "../../../../lib/hub/clean/plan-keep";

const [cache = "", last = ""] = process.argv.slice(2);
let step = 0;
await executePlan(planKeep(await readCacheView(cache), { count: 0 }), {
  onStep: () => {
    writeSync(1, `step ${(step += 1)}\n`);
    if (step === Number(last)) process.kill(process.pid, "SIGKILL");
  },
});
