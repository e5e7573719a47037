import type { RefObject } from "react";

/** What the page's own controls ask of the conversation that is shown. */
export interface PaneControls {
  ask: (text: string) => void;
  stop: () => void;
}

export interface PaneState {
  isBusy: boolean;
  /** What a screen reader is told. */
  announcement: string;
}

/** A conversation on the page, above the text box that they share. */
export interface PaneProps {
  controls: RefObject<PaneControls | null>;
  onState: (state: PaneState) => void;
  /** An example was chosen: it is asked. */
  onExample: (question: string) => void;
}
