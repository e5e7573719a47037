import type { RefObject } from "react";

import type { ContextUse } from "./context-use";

/** What the page's own controls ask of the conversation that is shown. */
export interface PaneControls {
  ask: (text: string) => void;
  stop: () => void;
  /** The text of the newest answer; null when there is none. */
  lastAnswer: () => string | null;
}

export interface PaneState {
  isBusy: boolean;
  /** What a screen reader is told. */
  announcement: string;
  /** Null before the first answer. */
  context: ContextUse | null;
}

/** Where no conversation is shown. */
export const IDLE: PaneState = { isBusy: false, announcement: "", context: null };

/** A conversation on the page, above the text box that they share. */
export interface PaneProps {
  controls: RefObject<PaneControls | null>;
  onState: (state: PaneState) => void;
  /** An example was chosen: it is asked. */
  onExample: (question: string) => void;
}
