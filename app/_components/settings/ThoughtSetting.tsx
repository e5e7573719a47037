import { useState } from "react";

import { RANGES } from "../../_chat/settings";
import { NumberSetting } from "./NumberSetting";
import { FIELD, Setting } from "./Setting";

/** In tokens: a line or two. */
const SHORT = 32;
const CHOICES = ["own", "off", "short", "number"] as const;
type Choice = (typeof CHOICES)[number];

const TOKENS: Record<Choice, number | null> = { own: null, off: 0, short: SHORT, number: null };
const NAMES: Record<Choice, string> = {
  own: "The server's own",
  off: "Off",
  short: `Short, ${SHORT} tokens`,
  number: "A number of tokens",
};

interface ThoughtSettingProps {
  value: number | null;
  onChange: (value: number | null) => void;
}

/** How long the reasoning model may think. */
export function ThoughtSetting({ value, onChange }: ThoughtSettingProps) {
  const [choice, setChoice] = useState<Choice>(() => CHOICES.find((each) => TOKENS[each] === value) ?? "number");
  return (
    <>
      <Setting
        label="Thinking"
        words="How much is thought about before the answer, at most. Off answers soonest; the server's own is the longest."
      >
        {(ids) => (
          <select
            {...ids}
            className={FIELD}
            value={choice}
            onChange={({ target }) => {
              const chosen = CHOICES.find((each) => each === target.value) ?? "own";
              setChoice(chosen);
              onChange(TOKENS[chosen]);
            }}
          >
            {CHOICES.map((each) => (
              <option key={each} value={each}>
                {NAMES[each]}
              </option>
            ))}
          </select>
        )}
      </Setting>
      {choice === "number" && (
        <NumberSetting
          label="Tokens of thinking"
          words="Of each kind of notes, at most."
          range={RANGES.thoughtTokens}
          value={value}
          onChange={onChange}
        />
      )}
    </>
  );
}
