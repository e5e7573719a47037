import { keepInBrowser, keptInBrowser } from "./browser-storage";

const NAME = "memwell.single-keys";
const OFF = "off";

/** Whether one key alone may be a shortcut: who dictates, or hits keys by accident, switches that off. */
export function hasSingleKeys(): boolean {
  return keptInBrowser(NAME) !== OFF;
}

/** In this browser, from now on. */
export function keepSingleKeys(isOn: boolean): void {
  keepInBrowser(NAME, isOn ? "" : OFF);
}
