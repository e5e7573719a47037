"use client";

import { useEffect, useMemo, useState } from "react";

import { copyText } from "../_markdown/copy-text";
import { MAX_COLOURED_CHARACTERS, MAX_COLOURED_WHILE_GROWING } from "../_markdown/limits";

type Highlight = typeof import("../_markdown/highlight").highlight;
let loaded: Highlight | null = null;

/** A block of code with the name of its language and a button that copies it. */
export function MarkdownCode({ code, language, isGrowing }: { code: string; language: string; isGrowing: boolean }) {
  const name = /^[\p{L}\p{N}+#._-]{1,30}/u.exec(language)?.[0] ?? "";
  return (
    <figure className="code" aria-label={name === "" ? "Code" : `Code, ${name}`}>
      <figcaption>
        <span>{name}</span>
        <CopyCode code={code} />
      </figcaption>
      <pre tabIndex={0}>
        <code>
          <Coloured code={code} language={name.toLowerCase()} isGrowing={isGrowing} />
        </code>
      </pre>
    </figure>
  );
}

/** While code grows its beginning is coloured once, and what comes after stays plain until the code is complete. */
function Coloured({ code, language, isGrowing }: { code: string; language: string; isGrowing: boolean }) {
  const highlight = useHighlight(language !== "");
  const most = isGrowing ? MAX_COLOURED_WHILE_GROWING : MAX_COLOURED_CHARACTERS;
  const head = code.length <= most ? code : isGrowing ? code.slice(0, code.lastIndexOf("\n", most) + 1) : "";
  const parts = useMemo(
    () => (head === "" ? null : (highlight?.(head, language) ?? null)),
    [highlight, head, language],
  );
  if (parts === null) return code;
  return (
    <>
      {parts.map(({ kind, text }, index) =>
        kind === "" ? (
          text
        ) : (
          <span key={index} className={kind}>
            {text}
          </span>
        ),
      )}
      {code.slice(head.length)}
    </>
  );
}

function useHighlight(isNeeded: boolean): Highlight | null {
  const [highlight, setHighlight] = useState(() => loaded);
  useEffect(() => {
    if (!isNeeded || highlight !== null) return;
    import("../_markdown/highlight").then(
      (module) => {
        loaded = module.highlight;
        setHighlight(() => module.highlight);
      },
      () => {}, // the code stays without colours
    );
  }, [isNeeded, highlight]);
  return highlight;
}

/** Says what it did to a screen reader beside the button, whose name stays. */
function CopyCode({ code }: { code: string }) {
  const [outcome, setOutcome] = useState("");
  const copy = async () => setOutcome((await copyText(code)) ? "Copied" : "Select the code to copy it");
  return (
    <>
      <span role="status">{outcome}</span>
      <button
        type="button"
        className="button-quiet"
        aria-label="Copy the code"
        onClick={() => void copy()}
        onBlur={() => setOutcome("")}
      >
        Copy
      </button>
    </>
  );
}
