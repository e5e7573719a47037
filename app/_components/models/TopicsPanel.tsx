"use client";

import { useId, useState } from "react";

import { findTopics, questionAbout, type Answering } from "../../_models/answering";
import { Dialog } from "../Dialog";

export interface TopicsPanelProps {
  answering: Answering;
  onQuestion: (question: string) => void;
  onLarger: () => void;
  onClose: () => void;
}

/** What the built-in model knows: a topic that is pressed becomes a question. */
export function TopicsPanel({ answering, onQuestion, onLarger, onClose }: TopicsPanelProps) {
  const { words, why, topics } = answering;
  const [asked, setAsked] = useState("");
  const id = useId();
  const found = findTopics(topics, asked);
  return (
    <Dialog title="What the built-in model knows" onClose={onClose}>
      <p className="text-sm wrap-anywhere">{words}</p>
      {why !== null && (
        <p className="mt-1 text-sm wrap-anywhere text-bad" data-testid="why">
          {why} It is tried again at each question.
        </p>
      )}
      {topics.length > 0 && (
        <p className="mt-1 text-sm text-quiet">
          It was trained for these topics alone. So small a model is often wrong, most of all when a topic is not called
          by its name, or is not among these. Press one to have a question about it.
        </p>
      )}
      <button type="button" aria-haspopup="dialog" className="button-quiet mt-2" onClick={onLarger}>
        Larger models
      </button>
      {topics.length > 0 && (
        <>
          <div className="mt-4 flex flex-wrap items-center gap-x-3 gap-y-1">
            <label htmlFor={id} className="text-sm">
              Find a topic
            </label>
            <input
              id={id}
              type="search"
              autoComplete="off"
              className="h-8 min-w-0 flex-1 rounded-control border border-field-line bg-surface px-2 text-sm"
              value={asked}
              onChange={({ target }) => setAsked(target.value)}
            />
            <p role="status" className="text-sm text-quiet tabular-nums">
              {found.length === topics.length ? `${topics.length} topics` : `${found.length} of ${topics.length}`}
            </p>
          </div>
          {/* As high whatever was found: the field that is typed into stays where it is. */}
          <div className="mt-3 h-[min(22rem,50dvh)] overflow-y-auto" tabIndex={0} role="group" aria-label="Topics">
            <ul className="flex flex-wrap gap-2 p-0.5">
              {found.map((topic) => (
                <li key={topic} className="max-w-full">
                  <button
                    type="button"
                    title={questionAbout(topic)}
                    className="button-quiet max-w-full py-1 text-left wrap-anywhere"
                    onClick={() => onQuestion(questionAbout(topic))}
                  >
                    {topic}
                  </button>
                </li>
              ))}
            </ul>
            {found.length === 0 && <p className="text-sm text-quiet">It knows nothing of this name.</p>}
          </div>
        </>
      )}
    </Dialog>
  );
}
