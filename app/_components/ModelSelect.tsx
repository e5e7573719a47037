import { useId } from "react";

import type { ModelEntry } from "@/lib/wire";

import { formatModelState } from "../_chat/format";

interface ModelSelectProps {
  models: ModelEntry[] | null;
  problem: string | null;
  agentId: string;
  modelId: string;
  onChoose: (id: string) => void;
  onRefresh: () => void;
}

/** Which model answers; each with what it is doing and how large it is. */
export function ModelSelect({ models, problem, agentId, modelId, onChoose, onRefresh }: ModelSelectProps) {
  const id = useId();
  const chosen = models?.find((model) => model.id === modelId);
  if (models === null && problem !== null) {
    return (
      <p className="text-sm text-bad">
        The models could not be read.{" "}
        <button type="button" className="underline" title={problem} onClick={onRefresh}>
          Try again
        </button>
      </p>
    );
  }
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="sr-only">
        Model
      </label>
      <select
        id={id}
        className="h-8 max-w-full rounded-control border border-field-line bg-surface px-2 text-sm"
        value={modelId}
        onChange={(event) => onChoose(event.target.value)}
        onFocus={onRefresh}
      >
        {models === null && <option value={modelId}>{modelId}</option>}
        {models?.map((model) => (
          <option key={model.id} value={model.id}>
            {nameOf(model, agentId)} ({formatModelState(model)})
          </option>
        ))}
      </select>
      {chosen?.memwell.error && chosen.memwell.stand_ins.length === 0 && (
        <p className="max-w-md text-sm text-bad">{chosen.memwell.error.message}</p>
      )}
    </div>
  );
}

function nameOf(model: ModelEntry, agentId: string): string {
  return model.id === agentId ? "memwell, the whole agent" : model.id;
}
