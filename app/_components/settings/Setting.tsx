import { useId, type ReactNode } from "react";

/** What a control must be given to be named and described by the texts around it. */
export interface ControlIds {
  id: string;
  "aria-describedby": string;
}

interface SettingProps {
  label: string;
  /** What it does, in one line. */
  words: string;
  /** Why what was typed is not used; null when it is. */
  problem?: string | null;
  children: (ids: ControlIds) => ReactNode;
}

export const FIELD =
  "h-9 w-full rounded-control border border-field-line bg-surface px-2 text-sm placeholder:text-quiet aria-invalid:border-bad";

/** One setting: its name, its control, what it does. */
export function Setting({ label, words, problem = null, children }: SettingProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-semibold">
        {label}
      </label>
      {children({ id, "aria-describedby": `${id}-words` })}
      <p id={`${id}-words`} className="text-sm text-quiet">
        {words}
        {problem !== null && <span className="block text-bad">{problem}</span>}
      </p>
    </div>
  );
}
