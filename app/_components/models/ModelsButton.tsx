"use client";

import type { ModelsPanelProps } from "./ModelsPanel";
import { useModelsPanel } from "./use-models-panel";

/** Opens the models to choose from. */
export function ModelsButton({ onChanged }: Pick<ModelsPanelProps, "onChanged">) {
  const panel = useModelsPanel(onChanged);
  return (
    <>
      <button type="button" aria-haspopup="dialog" className="button-quiet h-8" onClick={panel.open}>
        Models
      </button>
      {panel.view}
    </>
  );
}
