"use client";

import { useState, type ComponentType } from "react";
import { flushSync } from "react-dom";

import type { ModelEntry } from "@/lib/wire";

import { answeringOf, type Answering } from "../../_models/answering";
import type { TopicsPanelProps } from "./TopicsPanel";
import { useModelsPanel } from "./use-models-panel";

interface AnsweringLineProps {
  /** Null until they are known. */
  models: ModelEntry[] | null;
  agentId: string;
  modelId: string;
  /** Another model answers now; it keeps its identity from one drawing to the next. */
  onChanged: () => void;
  /** Somebody wants to ask this. */
  onQuestion: (question: string) => void;
}

const LOOKS: Record<Answering["kind"], string> = {
  builtin: "border-accent-line bg-accent-soft",
  demo: "border-accent-line bg-accent-soft",
  "stand-in": "border-bad-line bg-bad-soft",
  own: "border-transparent text-quiet",
};

/** As high before it is known who answers as afterwards, so that nothing moves when it is. */
const PLACE = "flex h-11 items-center justify-between gap-3 rounded-box border px-3 text-xs sm:h-9 sm:text-sm";

/** Who answers: of a built-in model what it knows, and the way to larger ones. */
export function AnsweringLine({ models, agentId, modelId, onChanged, onQuestion }: AnsweringLineProps) {
  const [loaded, setLoaded] = useState<{ Panel: ComponentType<TopicsPanelProps> } | null>(null);
  const [isOpen, setOpen] = useState(false);
  const larger = useModelsPanel(onChanged);
  const answering = models === null ? null : answeringOf(models, modelId, agentId);
  if (answering === null) return <div className={`${PLACE} border-transparent`} data-testid="answering-wait" />;
  const { kind, words, why, topics } = answering;
  const open = () => {
    setOpen(true);
    if (loaded === null)
      import("./TopicsPanel").then(
        ({ TopicsPanel }) => setLoaded({ Panel: TopicsPanel }),
        () => setOpen(false),
      );
  };
  /** What follows is for the page below the window: it must be gone by then. */
  const closeAnd = (then: () => void) => {
    flushSync(() => setOpen(false));
    then();
  };
  const hasMore = topics.length > 0 || why !== null;
  const button = "button-quiet h-7 shrink-0 text-ink";
  return (
    <section
      aria-label="About this model"
      className={`${PLACE} ${LOOKS[kind]}`}
      data-testid="answering"
      data-kind={kind}
    >
      <p role="status" className="line-clamp-2 min-w-0 wrap-anywhere sm:line-clamp-1" title={words}>
        {kind === "own" ? words : <strong className="font-semibold">{words}</strong>}
      </p>
      {kind !== "own" && (
        <div className="flex shrink-0 gap-2">
          {hasMore && (
            <button type="button" aria-haspopup="dialog" className={button} onClick={open}>
              {why !== null && "Why"}
              {why === null && <span className="max-sm:sr-only">It knows </span>}
              {why === null && `${topics.length} topics`}
            </button>
          )}
          <button
            type="button"
            aria-haspopup="dialog"
            className={`${button} ${hasMore ? "max-sm:hidden" : ""}`}
            onClick={larger.open}
          >
            Larger models
          </button>
        </div>
      )}
      {isOpen && loaded !== null && (
        <loaded.Panel
          answering={answering}
          onQuestion={(question) => closeAnd(() => onQuestion(question))}
          onLarger={() => closeAnd(larger.open)}
          onClose={() => setOpen(false)}
        />
      )}
      {larger.view}
    </section>
  );
}
