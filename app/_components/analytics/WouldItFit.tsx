"use client";

import { useState, type FormEvent } from "react";

import type { FitBody } from "@/lib/wire";

import { formatBytes } from "../../_chat/format";
import { asRefusal, askServer } from "../../_analytics/ask-server";

type Answer = { fit: FitBody } | { problem: string };

/** Whether a model would fit, asked of the server; what is not on its list is for the administrator to ask. */
export function WouldItFit({ models }: { models: readonly string[] }) {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [isAsking, setAsking] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const model = String(new FormData(event.currentTarget).get("model") ?? "").trim();
    if (model === "") return;
    setAsking(true);
    try {
      const fit = await askServer<FitBody>(`/api/models/fit?${new URLSearchParams({ model })}`);
      setAnswer({ fit });
    } catch (thrown) {
      setAnswer({ problem: asRefusal(thrown).message });
    }
    setAsking(false);
  };
  return (
    <section aria-labelledby="fit-title">
      <h2 id="fit-title" className="font-semibold">
        Would a model fit?
      </h2>
      <form
        className="mt-1 flex flex-wrap items-center gap-2 text-sm text-quiet"
        onSubmit={(event) => void submit(event)}
      >
        <label htmlFor="fit-model" className="sr-only">
          The model to ask about
        </label>
        <input
          id="fit-model"
          name="model"
          list="fit-models"
          maxLength={500}
          autoComplete="off"
          placeholder="a model's name, or hf:ORG/REPO:QUANT"
          className="h-8 w-80 max-w-full rounded-control border border-field-line bg-surface px-2 text-ink"
        />
        <datalist id="fit-models">
          {models.map((model) => (
            <option key={model} value={model} />
          ))}
        </datalist>
        <button type="submit" className="button-quiet h-8" disabled={isAsking}>
          {isAsking ? "Looking" : "Look"}
        </button>
      </form>
      <p role="status" className="mt-1 text-sm wrap-anywhere" data-testid="fit">
        {answer === null ? "" : "problem" in answer ? answer.problem : fitWords(answer.fit)}
      </p>
    </section>
  );
}

/** What the server found, as sentences. Pure. */
export function fitWords({
  model,
  fits,
  fits_beside,
  forecast,
  context_size,
  budget,
  other,
  download,
}: FitBody): string {
  const { total, weights, kv } = forecast;
  const needs =
    `${model} needs ${formatBytes(total)} (weights ${formatBytes(weights)}, context of ${context_size} tokens ` +
    `${formatBytes(kv)}) of ${formatBytes(Math.max(0, budget - other))} that models may hold.`;
  const verdict = fits_beside
    ? "It fits beside what is loaded now."
    : fits
      ? "It fits once others have left."
      : "It does not fit.";
  const first = download === null ? "" : ` First ${formatBytes(download.size)} would be downloaded.`;
  return `${verdict} ${needs}${first}`;
}
