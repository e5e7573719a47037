"use client";

import { useState } from "react";

import { LONGEST_SYSTEM_PROMPT, NO_DOMAIN, RANGES } from "../../_chat/settings";
import type { UsedSettings } from "../../_chat/use-settings";
import { Dialog } from "../Dialog";
import { NumberSetting } from "./NumberSetting";
import { FIELD, Setting } from "./Setting";
import { ThoughtSetting } from "./ThoughtSetting";

const WHOSE = { agent: "the agent", model: "models that answer alone" };

interface SettingsPanelProps {
  used: UsedSettings;
  onClose: () => void;
}

/** How answers are written, as far as the visitor may say. Each change counts at once. */
export function SettingsPanel({ used, onClose }: SettingsPanelProps) {
  const { whom, settings, offer, change, reset } = used;
  // Its fields hold what is typed: new ones hold nothing.
  const [resets, setResets] = useState(0);
  const domains = offer?.domains ?? [];
  return (
    <Dialog title={`Settings for ${WHOSE[whom]}`} onClose={onClose}>
      <p className="text-sm text-quiet">
        They count from the next question on, also for one that is asked again or changed. This browser keeps them.
      </p>
      <div key={resets} className="mt-4 flex flex-col gap-4">
        {domains.length > 0 && (
          <Setting label="Domain" words="The field that the answering model is tuned for.">
            {(ids) => (
              <select
                {...ids}
                className={FIELD}
                value={settings.domain ?? ""}
                onChange={({ target }) => change({ domain: target.value === "" ? null : target.value })}
              >
                <option value="">Chosen from the message</option>
                <option value={NO_DOMAIN}>None</option>
                {domains.map((domain) => (
                  <option key={domain}>{domain}</option>
                ))}
              </select>
            )}
          </Setting>
        )}
        {offer?.thoughts === true && (
          <ThoughtSetting value={settings.thoughtTokens} onChange={(thoughtTokens) => change({ thoughtTokens })} />
        )}
        <NumberSetting
          label="Temperature"
          words="How freely words are chosen: 0 takes the likeliest each time, 2 nearly any."
          range={RANGES.temperature}
          value={settings.temperature}
          onChange={(temperature) => change({ temperature })}
        />
        <NumberSetting
          label="Longest answer"
          words="The tokens after which an answer is cut off; a word is one or two."
          range={RANGES.answerTokens}
          value={settings.answerTokens}
          onChange={(answerTokens) => change({ answerTokens })}
        />
        {offer?.systemPrompt === true && (
          <Setting
            label="System prompt"
            words="What the answering model is told before the conversation. A change makes it read everything anew."
          >
            {(ids) => (
              <textarea
                {...ids}
                rows={3}
                maxLength={LONGEST_SYSTEM_PROMPT}
                placeholder="None of your own"
                className={`${FIELD} field-sizing-content h-auto max-h-48 min-h-20 py-1.5`}
                defaultValue={settings.systemPrompt ?? ""}
                onChange={({ target }) => change({ systemPrompt: target.value.trim() === "" ? null : target.value })}
              />
            )}
          </Setting>
        )}
      </div>
      <button
        type="button"
        className="button-quiet mt-4"
        onClick={() => {
          reset();
          setResets(resets + 1);
        }}
      >
        Back to the server&apos;s own
      </button>
    </Dialog>
  );
}
