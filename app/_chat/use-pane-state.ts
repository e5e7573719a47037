"use client";

import { useEffect } from "react";

import { IDLE, type PaneProps, type PaneState } from "./pane";

/** Tells the page what its controls go by, for as long as the conversation is shown: another one has its own. */
export function usePaneState(onState: PaneProps["onState"], { isBusy, announcement, context }: PaneState): void {
  useEffect(() => onState({ isBusy, announcement, context }), [onState, isBusy, announcement, context]);
  useEffect(() => () => onState(IDLE), [onState]);
}
