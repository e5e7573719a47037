"use client";

import { useCallback, useMemo } from "react";

import type { ModelEntry } from "@/lib/wire";

import { agentFields, OFFERED_BY_MODEL, offeredByAgent } from "./settings";
import { useSettings, type UsedSettings } from "./use-settings";

export interface PageSettings {
  agent: UsedSettings;
  /** Of whichever model answers alone. */
  model: UsedSettings;
  /** What a call of the agent says of how it is to be answered. */
  agentFields: () => Record<string, unknown>;
}

/** @param agent its entry among the models; undefined until they are read */
export function usePageSettings(agent: ModelEntry | undefined): PageSettings {
  const offer = useMemo(() => (agent === undefined ? null : offeredByAgent(agent)), [agent]);
  const forAgent = useSettings("agent", offer);
  const forModels = useSettings("model", OFFERED_BY_MODEL);
  const { settings } = forAgent;
  return {
    agent: forAgent,
    model: forModels,
    agentFields: useCallback(() => agentFields(settings, offer), [settings, offer]),
  };
}
