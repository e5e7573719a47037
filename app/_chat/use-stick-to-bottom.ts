"use client";

import { useCallback, useEffect, useLayoutEffect, useRef, type RefObject } from "react";

import { messagePlace, scrollToPlace } from "./message-place";

/** Closer to the end than this, in pixels, and the visitor is following along. */
const NEAR = 48;

export interface StickToBottom {
  list: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  onScroll: () => void;
  /** The visitor moves in it: what a link leads to is left. */
  onOwnMove: () => void;
}

/**
 * Keeps a scrolled list at its end while what is in it grows, unless the visitor scrolled up to read. A new turn (another
 * `count`) always brings it to the end. With none it stays at its beginning.
 *
 * @param linked the message to be brought into sight in its place, once. It is kept there while what is above it is drawn,
 *   until the visitor moves.
 */
export function useStickToBottom(count: number, linked: string | null): StickToBottom {
  const list = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const follows = useRef(count > 0);
  const lastTop = useRef(0);
  const shown = useRef<string | null>(null);
  const held = useRef<HTMLElement | null>(null);

  const onScroll = useCallback(() => {
    const element = list.current;
    if (element === null) return;
    const isNear = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    // Only scrolling up is the visitor's: content that shrinks or grows moves the end, and that fires this as well.
    if (isNear) follows.current = count > 0;
    else if (element.scrollTop < lastTop.current) follows.current = false;
    lastTop.current = element.scrollTop;
  }, [count]);
  const onOwnMove = useCallback(() => {
    held.current = null;
  }, []);

  useLayoutEffect(() => {
    const isNew = linked !== null && linked !== shown.current;
    shown.current = linked;
    held.current = isNew ? messagePlace(list.current, linked) : null;
    follows.current = held.current === null && count > 0;
    if (follows.current) scrollToEnd(list.current);
    if (held.current === null) return;
    scrollToPlace(list.current, held.current);
    held.current.focus({ preventScroll: true });
  }, [count, linked]);

  useEffect(() => {
    if (content.current === null) return;
    const observer = new ResizeObserver(() => {
      if (held.current !== null) scrollToPlace(list.current, held.current);
      else if (follows.current) scrollToEnd(list.current);
    });
    observer.observe(content.current);
    return () => observer.disconnect();
  }, []);

  return { list, content, onScroll, onOwnMove };
}

function scrollToEnd(element: HTMLElement | null): void {
  if (element !== null) element.scrollTop = element.scrollHeight;
}
