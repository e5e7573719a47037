"use client";

import { useMemo } from "react";

import { useMemory } from "../../_chat/use-memory";
import { useLedger } from "../../_analytics/use-ledger";
import { useMemorySamples } from "../../_analytics/use-memory-samples";
import { MemoryBudget } from "../MemoryBar";
import { Ledger } from "./Ledger";
import { MemoryChart } from "./MemoryChart";
import { ResidentModels } from "./ResidentModels";

const EVERYTHING = { run: "", model: "" };

/** The memory: the budget, who is resident, how it went over time, and every step on record. */
export function MemoryPage() {
  const memory = useMemory();
  const heard = useMemorySamples(memory);
  const everything = useLedger(EVERYTHING);
  const { records } = everything;
  const models = useMemo(() => {
    const named = [
      ...(memory?.models ?? []).flatMap(({ ids }) => ids),
      ...(records ?? []).flatMap(({ model }) => model ?? []),
    ];
    return [...new Set(named)].sort();
  }, [memory, records]);
  if (memory === null) return <p className="text-quiet">The memory is being read.</p>;
  return (
    <div className="flex flex-col gap-4">
      <MemoryBudget memory={memory} />
      <ResidentModels memory={memory} />
      <MemoryChart heard={heard} records={records ?? []} budget={memory.budget} />
      <Ledger everything={everything} models={models} />
    </div>
  );
}
