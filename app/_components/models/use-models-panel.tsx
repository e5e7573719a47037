"use client";

import { useState, type ComponentType, type ReactNode } from "react";

import type { ModelsPanelProps } from "./ModelsPanel";

export interface UsedModelsPanel {
  open: () => void;
  /** The panel while it is open, or why it is not. */
  view: ReactNode;
}

/** The models to choose from, which come to the browser when they are first wanted. */
export function useModelsPanel(onChanged: ModelsPanelProps["onChanged"]): UsedModelsPanel {
  const [isOpen, setOpen] = useState(false);
  const [loaded, setLoaded] = useState<{ Panel: ComponentType<ModelsPanelProps> } | null>(null);
  const [isProblem, setProblem] = useState(false);
  const open = () => {
    setOpen(true);
    if (loaded !== null) return;
    import("./ModelsPanel").then(
      ({ ModelsPanel }) => {
        setLoaded({ Panel: ModelsPanel });
        setProblem(false);
      },
      () => {
        setOpen(false);
        setProblem(true);
      },
    );
  };
  const view = (
    <>
      {isProblem && (
        <p role="alert" className="text-sm text-bad">
          The server cannot be reached.
        </p>
      )}
      {isOpen && loaded !== null && <loaded.Panel onChanged={onChanged} onClose={() => setOpen(false)} />}
    </>
  );
  return { open, view };
}
