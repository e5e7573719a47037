import { useEffect, useState } from "react";

const TICK_MS = 500;

/**
 * How long a step has run, in ms, since this page first saw it run; 0 without one.
 *
 * @param step its number; null when none runs
 */
export function useRunningTime(step: number | null): number {
  const [seen, setSeen] = useState<{ step: number | null; ms: number }>({ step, ms: 0 });
  useEffect(() => {
    if (step === null) return;
    const startedAt = performance.now();
    const timer = setInterval(() => setSeen({ step, ms: performance.now() - startedAt }), TICK_MS);
    return () => clearInterval(timer);
  }, [step]);
  return seen.step === step ? seen.ms : 0;
}
