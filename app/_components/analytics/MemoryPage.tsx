"use client";

import { useMemo } from "react";

import { useMemory } from "../../_chat/use-memory";
import { useLedger } from "../../_analytics/use-ledger";
import { useMemoryEvents } from "../../_analytics/use-memory-events";
import { MemoryBudget } from "../MemoryBar";
import { Ledger } from "./Ledger";
import { MemoryChart } from "./MemoryChart";
import { MemoryEvents } from "./MemoryEvents";
import { MemoryPeaks } from "./MemoryPeaks";
import { ResidentModels } from "./ResidentModels";
import { WouldItFit } from "./WouldItFit";

const EVERYTHING = { run: "", model: "" };

/** The memory: the budget, who is resident, how it went over time and why, and every step on record. */
export function MemoryPage() {
  const told = useMemory();
  const memory = told === "withheld" ? null : told;
  const events = useMemoryEvents();
  const everything = useLedger(EVERYTHING);
  const { records } = everything;
  const models = useMemo(() => {
    const named = [
      ...(memory?.models ?? []).flatMap(({ ids }) => ids),
      ...(records ?? []).flatMap(({ model }) => model ?? []),
    ];
    return [...new Set(named)].sort();
  }, [memory, records]);
  if (told === "withheld")
    return <p className="text-quiet">This server shows its memory to its administrator alone.</p>;
  if (memory === null) return <p className="text-quiet">The memory is being read.</p>;
  return (
    <div className="flex flex-col gap-4">
      <MemoryBudget memory={memory} />
      <ResidentModels memory={memory} />
      <MemoryChart events={events ?? []} budget={memory.budget} />
      <MemoryEvents events={events} />
      <MemoryPeaks peaks={memory.peaks} />
      <WouldItFit models={models} />
      <Ledger everything={everything} models={models} />
    </div>
  );
}
