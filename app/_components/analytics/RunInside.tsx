import type { ReactNode } from "react";

import type { MetricsRun } from "@/lib/wire";

import { counted } from "../../_analytics/words";
import { Mark } from "./Mark";
import { Measured } from "./Measured";

const STEPS: [name: string, words: string][] = [
  ["rules", "rules"],
  ["decision", "decisions"],
  ["tool", "tools"],
  ["thinking", "thinking"],
  ["response", "answer"],
];

/** All that is known of one turn: its steps with their times, its tokens, what was decided, and its words for the owner. */
export function RunInside({ run, speed }: { run: MetricsRun; speed: number | null }) {
  const waited = run.wait_ms !== null && (
    <Fact name="waiting for a model">
      <Measured value={run.wait_ms} unit="ms" />
      {run.load_ms !== null && (
        <>
          {" (loads "}
          <Measured value={run.load_ms} unit="ms" />)
        </>
      )}
    </Fact>
  );
  const { prefilled, reused, generated } = run.tokens;
  return (
    <div className="flex flex-col gap-2 border-t border-line bg-raised px-3 py-2" data-testid="run-inside">
      {run.words !== null && (
        <dl className="flex flex-col gap-1">
          <Fact name="question">{run.words.question}</Fact>
          <Fact name="answer">
            <span className="line-clamp-3">{run.words.answer}</span>
          </Fact>
        </dl>
      )}
      <dl className="flex flex-wrap gap-x-6 gap-y-1" data-testid="run-steps">
        {waited}
        {STEPS.map(([step, words]) => {
          const ms = run.step_ms[step];
          return (
            ms !== undefined && (
              <Fact key={step} name={words} step={step}>
                <Measured value={ms} unit="ms" />
              </Fact>
            )
          );
        })}
      </dl>
      <dl className="flex flex-wrap gap-x-6 gap-y-1">
        <Fact name="model">{run.model ?? "none answered"}</Fact>
        <Fact name="first token">
          <Measured value={run.first_token_ms} unit="ms" />
        </Fact>
        <Fact name="speed">
          <Measured value={speed} unit="rate" />
        </Fact>
        <Fact name="tokens">{`${prefilled} read, ${reused} reused, ${generated} written`}</Fact>
        {run.swaps > 0 && <Fact name="swaps">{counted(run.swaps, "model left memory", "models left memory")}</Fact>}
        {run.error !== null && <Fact name="error">{run.error}</Fact>}
        {run.rating !== null && <Fact name="opinion">{run.rating}</Fact>}
        {run.run !== null && (
          <Fact name="run">
            <span className="font-mono text-xs">{run.run}</span>
          </Fact>
        )}
      </dl>
      <Marks name="Decisions" marks={run.decisions?.map(({ id, answer, source }) => `${id}: ${answer} (${source})`)} />
      <Marks name="Prompt segments" marks={run.segments ?? undefined} />
    </div>
  );
}

function Fact({ name, step, children }: { name: string; step?: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap gap-x-1.5" data-step={step}>
      <dt className="text-quiet">{name}</dt>
      <dd className="wrap-anywhere tabular-nums">{children}</dd>
    </div>
  );
}

function Marks({ name, marks }: { name: string; marks: readonly string[] | undefined }) {
  if (marks === undefined || marks.length === 0) return null;
  return (
    <p className="flex flex-wrap items-center gap-1.5">
      <span className="text-quiet">{name}</span>
      {marks.map((mark) => (
        <Mark key={mark}>{mark}</Mark>
      ))}
    </p>
  );
}
