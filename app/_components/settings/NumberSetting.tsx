import { useState } from "react";

import { rangeWords, readNumber } from "../../_chat/read-settings";
import type { NumberRange } from "../../_chat/settings";
import { FIELD, Setting } from "./Setting";

interface NumberSettingProps {
  label: string;
  words: string;
  range: NumberRange;
  value: number | null;
  onChange: (value: number | null) => void;
}

/** A number, or nothing for the server's own. A number that may not be is not used, and it says so. */
export function NumberSetting({ label, words, range, value, onChange }: NumberSettingProps) {
  const [typed, setTyped] = useState(value === null ? "" : String(value));
  const isBad = readNumber(typed, range) === undefined;
  return (
    <Setting label={label} words={words} problem={isBad ? `It is not used: type ${rangeWords(range)}.` : null}>
      {(ids) => (
        <input
          {...ids}
          type="text"
          inputMode={range.isWhole ? "numeric" : "decimal"}
          autoComplete="off"
          maxLength={20}
          placeholder="The server's own"
          aria-invalid={isBad}
          className={FIELD}
          value={typed}
          onChange={({ target }) => {
            setTyped(target.value);
            onChange(readNumber(target.value, range) ?? null);
          }}
        />
      )}
    </Setting>
  );
}
