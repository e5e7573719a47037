"use client";

import { useCallback, useEffect, useLayoutEffect, useRef, type RefObject } from "react";

/** Closer to the end than this, in pixels, and the visitor is following along. */
const NEAR = 48;

export interface StickToBottom {
  list: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  onScroll: () => void;
}

/**
 * Keeps a scrolled list at its end while what is in it grows, unless the visitor scrolled up to read. A new turn (another
 * `count`) always brings it to the end. With none it stays at its beginning.
 */
export function useStickToBottom(count: number): StickToBottom {
  const list = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const follows = useRef(count > 0);
  const lastTop = useRef(0);

  const onScroll = useCallback(() => {
    const element = list.current;
    if (element === null) return;
    const isNear = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    // Only scrolling up is the visitor's: content that shrinks or grows moves the end, and that fires this as well.
    if (isNear) follows.current = count > 0;
    else if (element.scrollTop < lastTop.current) follows.current = false;
    lastTop.current = element.scrollTop;
  }, [count]);

  useLayoutEffect(() => {
    follows.current = count > 0;
    if (follows.current) scrollToEnd(list.current);
  }, [count]);

  useEffect(() => {
    if (content.current === null) return;
    const observer = new ResizeObserver(() => {
      if (follows.current) scrollToEnd(list.current);
    });
    observer.observe(content.current);
    return () => observer.disconnect();
  }, []);

  return { list, content, onScroll };
}

function scrollToEnd(element: HTMLElement | null): void {
  if (element !== null) element.scrollTop = element.scrollHeight;
}
