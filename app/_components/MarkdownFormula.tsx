"use client";

import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from "react";

import type { Formula } from "../_markdown/formulas";

type Typeset = typeof import("../_markdown/typeset").typeset;

/** Loaded with the first formula; from then on each is drawn at once. */
let loaded: Typeset | null = null;
let loading: Promise<Typeset> | null = null;

function load(): Promise<Typeset> {
  loading ??= import("../_markdown/typeset").then(
    ({ typeset }) => (loaded = typeset),
    (error: unknown) => {
      loading = null;
      throw error;
    },
  );
  return loading;
}

interface MarkdownFormulaProps {
  formula: Formula;
  /** What stands in its place until it is drawn, and where it cannot be; its source if nothing is given. */
  plain?: ReactNode;
}

/** A formula, drawn by KaTeX. Until that is loaded, while it is not complete, and when it has a mistake: its source. */
export function MarkdownFormula({ formula, plain = <Source {...formula} /> }: MarkdownFormulaProps) {
  const { source, isDisplay, isOpen } = formula;
  const [typeset, setTypeset] = useState(() => loaded);
  useEffect(() => {
    if (typeset !== null) return;
    let isShown = true;
    load().then(
      (ready) => isShown && setTypeset(() => ready),
      () => {}, // the source stays
    );
    return () => {
      isShown = false;
    };
  }, [typeset]);
  if (typeset === null || isOpen) return plain;
  return <Typeset key={source} typeset={typeset} source={source} isDisplay={isDisplay} plain={plain} />;
}

interface TypesetProps {
  typeset: Typeset;
  source: string;
  isDisplay: boolean;
  plain: ReactNode;
}

function Typeset({ typeset, source, isDisplay, plain }: TypesetProps) {
  const place = useRef<HTMLSpanElement>(null);
  const [isReadable, setReadable] = useState(true);
  useLayoutEffect(() => {
    try {
      if (place.current !== null) typeset(place.current, source, isDisplay);
    } catch {
      setReadable(false); // a mistake of the model's
    }
  }, [typeset, source, isDisplay]);
  if (!isReadable) return plain;
  return <span ref={place} className={isDisplay ? "formula-display" : "formula"} />;
}

function Source({ source, isDisplay }: { source: string; isDisplay: boolean }) {
  return <code className={isDisplay ? "formula-display" : undefined}>{source.trim()}</code>;
}
