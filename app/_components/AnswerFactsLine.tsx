import { formatDuration } from "../_chat/format";
import type { AnswerFacts } from "../_chat/turn";

interface AnswerFactsLineProps {
  facts: AnswerFacts;
  stopped: boolean;
  canRetry: boolean;
  onRetry: () => void;
}

/** One quiet line under an answer: tokens, speed, what was reused, time. */
export function AnswerFactsLine({ facts, stopped, canRetry, onRetry }: AnswerFactsLineProps) {
  return (
    <p className="text-sm text-quiet" data-testid="facts">
      {describe(facts, stopped).join(" · ")}
      {stopped && (
        <>
          {" · "}
          <button type="button" className="underline" disabled={!canRetry} onClick={onRetry}>
            Retry
          </button>
        </>
      )}
    </p>
  );
}

function describe({ usage, timings, finishReason, elapsedMs }: AnswerFacts, stopped: boolean): string[] {
  const parts: string[] = [];
  if (stopped) parts.push("stopped");
  if (usage !== null) parts.push(`${usage.completion_tokens} ${usage.completion_tokens === 1 ? "token" : "tokens"}`);
  const speed = timings?.tokens_per_second ?? null;
  if (speed !== null) parts.push(`${speed < 10 ? speed.toFixed(1) : Math.round(speed)} tokens/s`);
  if (usage !== null)
    parts.push(`${usage.prompt_tokens_details.cached_tokens} of ${usage.prompt_tokens} prompt tokens reused`);
  parts.push(formatDuration(elapsedMs));
  if (finishReason === "length") parts.push("ended at the token limit");
  return parts;
}
