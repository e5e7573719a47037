"use client";

import { useState } from "react";

import type { ModelEntry } from "@/lib/wire";

/** The tokens of a model's context, in tokens; remembered when the model has left memory, null before it was ever there. */
export function useContextSize(model: ModelEntry | undefined): number | null {
  const [known, setKnown] = useState<{ id: string; size: number } | null>(null);
  const size = model?.memwell.context_size ?? null;
  if (model !== undefined && size !== null && (known?.id !== model.id || known.size !== size))
    setKnown({ id: model.id, size });
  if (size !== null) return size;
  return known !== null && known.id === model?.id ? known.size : null;
}
