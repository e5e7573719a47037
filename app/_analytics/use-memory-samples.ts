"use client";

import { useEffect, useState } from "react";

import type { MemoryBody } from "@/lib/wire";

import { sampleOf, type MemorySample } from "./memory-samples";

/** Two hours of one look every three seconds. */
const MOST_SAMPLES = 2_400;

/** What was read of the memory since the page was opened, oldest first. */
export function useMemorySamples(memory: MemoryBody | null): readonly MemorySample[] {
  const [samples, setSamples] = useState<readonly MemorySample[]>([]);
  useEffect(() => {
    if (memory === null) return;
    const sample = sampleOf(memory, Date.now());
    setSamples((known) => [...known, sample].slice(-MOST_SAMPLES));
  }, [memory]);
  return samples;
}
