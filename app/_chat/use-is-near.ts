"use client";

import { useEffect, useRef, useState, type RefObject } from "react";
import { flushSync } from "react-dom";

import { NearWatch } from "./near-watch";

const watches = new WeakMap<Element, NearWatch>();

/**
 * Whether a part of the conversation is, or was, near to what is seen of it.
 *
 * @param initially true for what is seen as soon as it is there
 */
export function useIsNear(initially: boolean): { place: RefObject<HTMLDivElement | null>; isNear: boolean } {
  const place = useRef<HTMLDivElement>(null);
  const [isNear, setNear] = useState(initially);
  useEffect(() => {
    const list = place.current?.closest("[role=log]");
    if (isNear || place.current === null || list == null) return;
    const watch = watches.get(list) ?? new NearWatch(list, flushSync);
    watches.set(list, watch);
    return watch.watch(place.current, () => setNear(true));
  }, [isNear]);
  return { place, isNear };
}
