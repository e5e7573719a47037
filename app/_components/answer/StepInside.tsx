import { inputText, outputText } from "../../_trace/tool-text";
import type { TraceItem } from "../../_trace/trace";

/** What a step thought, and what its tools were given and answered, each folded. */
export function StepInside({ item, isLive }: { item: Extract<TraceItem, { type: "step" }>; isLive: boolean }) {
  return (
    <>
      {item.thoughts.map((thought, index) => (
        <Folded key={index} name={`Thought, ${thought.length.toLocaleString("en-US")} characters`} text={thought} />
      ))}
      {item.tools.map((part) => (
        <div key={part.toolCallId} className="mt-1">
          <Folded name="What it was given" text={inputText(part)} />
          <Folded name="What it answered" text={outputText(part, isLive)} />
        </div>
      ))}
    </>
  );
}

function Folded({ name, text }: { name: string; text: string }) {
  return (
    <details className="text-xs">
      <summary className="py-0.5 text-quiet select-none">{name}</summary>
      <p
        tabIndex={0}
        className="max-h-64 overflow-y-auto rounded-control bg-raised px-2 py-1 wrap-anywhere whitespace-pre-wrap text-ink"
      >
        {text}
      </p>
    </details>
  );
}
