import { useId, type ReactNode } from "react";

import type { Practice } from "./practice-reply";

/** Draws a text of a question; `line`: as words within a line. */
export type RenderText = (text: string, shape: "block" | "line") => ReactNode;

interface PracticeOptionsProps {
  question: Practice;
  /** Letters. */
  chosen: readonly string[];
  onChange: (letters: readonly string[]) => void;
  renderText: RenderText | undefined;
}

/** The options of a question, a radio button each where one is to be chosen, and a check box each otherwise. */
export function PracticeOptions({ question, chosen, onChange, renderText }: PracticeOptionsProps) {
  const name = useId();
  const isSingle = question.kind === "choice";
  const toggle = (letter: string) => {
    if (isSingle) onChange([letter]);
    else onChange(chosen.includes(letter) ? chosen.filter((other) => other !== letter) : [...chosen, letter]);
  };
  return (
    <ul className="mt-2 flex flex-col gap-1.5">
      {question.options.map(({ letter, text }) => (
        <li key={letter}>
          <label className="flex min-h-9 cursor-pointer items-baseline gap-2 rounded-control border border-line bg-surface px-2.5 py-1.5 has-checked:border-accent has-disabled:cursor-default">
            <input
              type={isSingle ? "radio" : "checkbox"}
              name={name}
              value={letter}
              checked={chosen.includes(letter)}
              onChange={() => toggle(letter)}
              className="shrink-0 translate-y-0.5 accent-accent-fill"
            />
            <span className="font-semibold">{letter}</span>
            <span className="min-w-0 wrap-anywhere">{renderText === undefined ? text : renderText(text, "line")}</span>
          </label>
        </li>
      ))}
    </ul>
  );
}
