"use client";

import { useState } from "react";

const COPY = "Copy";

/** A button's label and what it does: puts a text on the clipboard, and says so until `reset`. */
export function useCopy(text: string): { label: string; isCopied: boolean; copy: () => void; reset: () => void } {
  const [label, setLabel] = useState(COPY);
  const copy = () => {
    // A page served without TLS, other than on localhost, has no clipboard.
    const copied = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error("no clipboard"));
    copied.then(
      () => setLabel("Copied"),
      () => setLabel("Select the text to copy it"),
    );
  };
  return { label, isCopied: label !== COPY, copy, reset: () => setLabel(COPY) };
}
