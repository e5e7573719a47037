import { formatBytes } from "../../_chat/format";
import { layTimeLine, shareOf, type Bar } from "../../_trace/time-line";
import { stepsOf, type TraceItem } from "../../_trace/trace";
import {
  contextWords,
  decisionName,
  decisionWords,
  formatTime,
  peakBytes,
  runningName,
  standInWords,
  stateWords,
  stepFacts,
  stepName,
} from "../../_trace/words";
import { StepInside } from "./StepInside";
import { useRunningTime } from "./use-running-time";

type StepItem = Extract<TraceItem, { type: "step" }>;

/** The steps of one answer, each with its time as a bar on the answer's time line and its memory as one below. */
export function TraceSteps({ items, isLive }: { items: readonly TraceItem[]; isLive: boolean }) {
  const steps = stepsOf(items);
  const running = isLive ? steps.find(({ state }) => state === "running") : undefined;
  const runningMs = useRunningTime(running?.step ?? null);
  const timeOf = (step: StepItem["step"]): number => (step === running ? runningMs : step.duration_ms);
  const bars = layTimeLine(steps.map(timeOf));
  const peak = peakBytes(steps);
  return (
    <div className="mt-1 rounded-box border border-line bg-surface text-sm">
      <ol className="divide-y divide-line">
        {items.map((item, index) =>
          item.type === "decision" ? (
            <li key={index} className="px-3 py-1.5">
              <span className="wrap-anywhere">{decisionName(item.decision)}</span>{" "}
              <span className="wrap-anywhere text-quiet">{decisionWords(item.decision)}</span>
            </li>
          ) : (
            <StepRow
              key={index}
              item={item}
              isLive={isLive}
              time={timeOf(item.step)}
              bar={bars[steps.indexOf(item.step)] ?? { left: 0, width: 0 }}
              peak={peak}
            />
          ),
        )}
      </ol>
      <p className="flex flex-wrap gap-x-4 border-t border-line px-3 py-1.5 text-xs text-quiet" aria-hidden="true">
        <Key className="bg-accent">time, reasoning model</Key>
        <Key className="bg-ink">time, response model</Key>
        <Key className="bg-field-line">time without a model</Key>
        <Key className="h-1 bg-quiet">memory, as a share of the peak</Key>
      </p>
    </div>
  );
}

interface StepRowProps {
  item: StepItem;
  isLive: boolean;
  /** In ms. */
  time: number;
  bar: Bar;
  /** In bytes; null where nobody knows. */
  peak: number | null;
}

function StepRow({ item, isLive, time, bar, peak }: StepRowProps) {
  const { step, decision } = item;
  const isSwap = step.swappedOut.length > 0;
  const isRunning = isLive && step.state === "running";
  const problem = step.state === "running" && !isLive ? "did not end" : stateWords(step);
  const figures = [
    step.state === "interrupted" ? null : formatTime(time),
    step.memory_bytes === null ? null : formatBytes(step.memory_bytes),
  ].filter((figure) => figure !== null);
  const facts = stepFacts(step);
  const contextChange = contextWords(step);
  const standIn = standInWords(step);
  return (
    <li className="px-3 py-1.5" aria-current={isRunning ? "step" : undefined}>
      {isSwap && (
        <p className="mb-1 text-xs wrap-anywhere text-accent">
          Swap: {step.swappedOut.join(" and ")} went, {step.model} came
        </p>
      )}
      {standIn !== null && <p className="mb-1 text-xs wrap-anywhere text-bad">{standIn}</p>}
      {contextChange !== null && <p className="mb-1 text-xs wrap-anywhere text-quiet">{contextChange}</p>}
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="min-w-0 wrap-anywhere">
          {isRunning ? runningName(step) : stepName(step)}
          {decision !== null && <span className="text-quiet"> {decisionWords(decision)}</span>}
          {problem !== null && <span className="text-bad"> {problem}</span>}
        </span>
        <span className="ml-auto shrink-0 text-quiet tabular-nums">{figures.join(" · ")}</span>
      </div>
      <div className="relative mt-1 h-2 rounded-full bg-raised" aria-hidden="true">
        {isSwap && <span className="absolute -inset-y-0.5 w-px bg-accent" style={{ left: `${bar.left}%` }} />}
        <span
          className={`absolute inset-y-0 rounded-full ${barColour(step.role)} ${isRunning ? "motion-safe:animate-pulse" : ""}`}
          style={{ left: `min(${bar.left}%, 100% - 2px)`, width: `max(${bar.width}%, 2px)` }}
        />
      </div>
      {step.memory_bytes !== null && (
        <div
          className="mt-0.5 h-1 rounded-full bg-quiet"
          style={{ width: `max(${shareOf(step.memory_bytes, peak)}%, 2px)` }}
          aria-hidden="true"
        />
      )}
      {facts.length > 0 && <p className="mt-0.5 text-xs wrap-anywhere text-quiet tabular-nums">{facts.join(" · ")}</p>}
      <StepInside item={item} isLive={isLive} />
    </li>
  );
}

function barColour(role: string | null): string {
  if (role === "reasoning") return "bg-accent";
  return role === "response" ? "bg-ink" : "bg-field-line";
}

function Key({ className, children }: { className: string; children: string }) {
  return (
    <span className="inline-flex items-center gap-1">
      <span className={`inline-block h-2 w-3 rounded-full ${className}`} />
      {children}
    </span>
  );
}
