import { resolve } from "node:path";
import { makeMemoryGroup } from "../../tests/fixtures/memory-group";
import { takeTurns, type Turns } from "../../tests/fixtures/take-turns";
import { median, spread } from "../support/measure";

/** Holds this program and one of the two models at 80 %, and not two. */
const GROUP_BYTES = 620e6;

/** Two models in a budget that holds one, four clients asking in turn, until there were `loads` loads. */
export async function benchTurns(loads: number): Promise<void> {
  show("a budget that holds one", await takeTurns({ loads, limit: "own" }));
}

/** The same in a memory cgroup, where the kernel ends whoever passes the limit. */
export async function benchTurnsInGroup(loads: number): Promise<void> {
  const group = makeMemoryGroup(GROUP_BYTES);
  if (typeof group === "string") return console.log(`## in a memory cgroup: skipped, ${group}\n`);
  try {
    const program = [resolve("node_modules/tsx/dist/cli.mjs"), "tests/fixtures/take-turns-program.ts", String(loads)];
    const { stdout, stderr, code } = await group.run(process.execPath, program);
    if (code !== 0) throw new Error(`the program in the cgroup ended with ${code}: ${stderr}`);
    show(`a memory cgroup (v${group.version}) that holds one`, JSON.parse(stdout) as Turns);
    console.log(`kills for memory, by the kernel         ${group.oomKills()}\n`);
  } finally {
    group.remove();
  }
}

function show(where: string, turns: Turns): void {
  const { afterUnload } = turns;
  const tenth = Math.max(1, Math.floor(afterUnload.length / 10));
  console.log(`## two models in ${where}, four clients asking in turn\n`);
  console.log(`loads, most at the same time            ${turns.loads}, ${turns.mostResident}`);
  console.log(`questions, refusals and errors          ${turns.questions}, ${turns.errors.length}`);
  for (const error of new Set(turns.errors)) console.log(`  ${error}`);
  console.log(`highest held / budget                   ${(turns.highestHeldBytes / turns.budgetBytes).toFixed(3)}`);
  console.log(`a question, ms                          ${spread(turns.turnMs, 0)}`);
  const [first, last] = [median(afterUnload.slice(0, tenth)), median(afterUnload.slice(-tenth))];
  console.log(`server after its last unloads / first   ${(last / first).toFixed(3)} (goal 0.95 to 1.05)\n`);
}
