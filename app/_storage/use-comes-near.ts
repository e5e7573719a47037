import { useEffect, useState, type RefObject } from "react";

/** In pixels beyond the window. */
const MARGIN = "300px 0px";

/** Whether a part of the page is, or was, near to what is seen of it. */
export function useComesNear(place: RefObject<HTMLElement | null>): boolean {
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    if (isNear || place.current === null) return;
    const observer = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && setNear(true),
      { rootMargin: MARGIN },
    );
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [isNear, place]);
  return isNear;
}
