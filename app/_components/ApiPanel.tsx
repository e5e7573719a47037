"use client";

import { useState, useSyncExternalStore, type KeyboardEvent, type Ref } from "react";

import { apiExamples } from "../_chat/api-examples";
import { useCopy } from "../_chat/use-copy";

/** How to call this server from a program: OpenAI's own clients, with another address. */
export function ApiPanel({ ref, modelId }: { ref: Ref<HTMLDialogElement>; modelId: string }) {
  const origin = useSyncExternalStore(
    () => () => {},
    () => window.location.origin,
    () => "",
  );
  const examples = apiExamples(origin, modelId);
  const [shown, setShown] = useState(0);
  const example = examples[shown]!;
  /** By arrow keys, as tabs are: https://www.w3.org/WAI/ARIA/apg/patterns/tabs/ */
  const turnTabs = (event: KeyboardEvent<HTMLElement>) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    const next = (shown + step + examples.length) % examples.length;
    setShown(next);
    event.currentTarget.querySelectorAll<HTMLElement>("[role=tab]")[next]?.focus();
  };
  return (
    <dialog
      ref={ref}
      aria-labelledby="api-title"
      className="m-auto w-[min(44rem,calc(100vw-1.5rem))] rounded-box border border-line bg-surface p-4 text-left text-ink backdrop:bg-black/40"
    >
      <div className="flex items-start justify-between gap-4">
        <h2 id="api-title" className="text-lg font-semibold">
          Use via API
        </h2>
        <form method="dialog">
          <button className="button-quiet">Close</button>
        </form>
      </div>
      <p className="mt-1 text-sm text-quiet">
        OpenAI&apos;s clients work as they are; no key is needed.{" "}
        <code className="font-mono text-[0.85em]">GET /v1/models</code> lists the models.
      </p>
      <div
        role="tablist"
        aria-label="Language"
        className="mt-3 flex gap-4 border-b border-line text-sm"
        onKeyDown={turnTabs}
      >
        {examples.map(({ name }, index) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`api-tab-${index}`}
            aria-selected={index === shown}
            aria-controls="api-example"
            tabIndex={index === shown ? 0 : -1}
            className={`-mb-px border-b-2 py-1 ${index === shown ? "border-accent text-accent" : "border-transparent text-quiet"}`}
            onClick={() => setShown(index)}
          >
            {name}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="api-example" aria-labelledby={`api-tab-${shown}`} className="mt-3">
        <pre tabIndex={0} className="overflow-x-auto rounded-control bg-raised p-3 font-mono text-xs">
          {example.text}
        </pre>
        <CopyButton key={example.name} text={example.text} />
      </div>
    </dialog>
  );
}

function CopyButton({ text }: { text: string }) {
  const { label, copy } = useCopy(text);
  return (
    <button type="button" className="button-quiet mt-2" onClick={copy} aria-live="polite">
      {label}
    </button>
  );
}
