"use client";

import { useState, type ComponentType } from "react";

import type { ModelsPanelProps } from "./ModelsPanel";

/** Opens the models to choose from, which come to the browser when they are first wanted. */
export function ModelsButton({ onChanged }: Pick<ModelsPanelProps, "onChanged">) {
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
  return (
    <>
      <button type="button" aria-haspopup="dialog" className="button-quiet h-8" onClick={open}>
        Models
      </button>
      {isProblem && (
        <p role="alert" className="text-sm text-bad">
          The server cannot be reached.
        </p>
      )}
      {isOpen && loaded !== null && <loaded.Panel onChanged={onChanged} onClose={() => setOpen(false)} />}
    </>
  );
}
