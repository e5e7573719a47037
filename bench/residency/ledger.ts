import { setTimeout as sleep } from "node:timers/promises";
import { Ledger, type NewLedgerRecord } from "../../lib/memory";
import { median } from "../support/measure";

const ROUNDS = 5;
const ROUND_MS = 4000;

/** Processor time of a process with a step open, which is sampled, over one without, as a share of a core. */
export async function benchLedger(): Promise<void> {
  const records: NewLedgerRecord[] = [];
  const ledger = new Ledger({ write: (record) => void records.push(record) });
  const shares: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const idle = await share();
    const step = ledger.logMemory("decode", { pid: process.pid });
    shares.push((await share()) - idle);
    step.end();
  }
  ledger.close();
  console.log("## the ledger\n");
  console.log(`sampling while a step is open     ${(median(shares) * 100).toFixed(2)} % of a core (goal below 1)\n`);
}

async function share(): Promise<number> {
  const before = process.cpuUsage();
  await sleep(ROUND_MS);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / ROUND_MS;
}
