/**
 * `tsx few-files.ts CACHE rm TARGET`, or `prune`, or `prune-without`, which opens all the files it may at its first
 * step: executes the plan and prints what came of it.
 */
import { openSync } from "node:fs";
import { executePlan } from "../../../../lib/hub/clean/execute-plan";
import { readCacheView } from "../../../../lib/hub/clean/inventory";
import { planPrune } from "../../../../lib/hub/clean/plan-prune";
import { planRemove } from "../../../../lib/hub/clean/plan-remove";

const [cache = "", action = "", target = ""] = process.argv.slice(2);
const view = await readCacheView(cache);
const plan = action === "rm" ? planRemove(view, [target]) : planPrune(view, { now: Date.now() });
let isFirst = true;
const { freed_size, kept } = await executePlan(plan, {
  onStep: () => {
    if (isFirst && action === "prune-without") openAll();
    isFirst = false;
  },
});
const reasons = [...new Set(kept.map(({ reason }) => reason))];
process.stdout.write(JSON.stringify({ expected: plan.expected_freed_size, freed_size, reasons }));

function openAll(): void {
  try {
    for (;;) openSync("/dev/null", "r");
  } catch {
    // Now there is no room for another one.
  }
}
