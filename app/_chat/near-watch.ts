/** In pixels beyond what is seen: what comes into sight at the speed of a thumb or a wheel is drawn by then. */
const MARGIN = 1500;

/** Tells when elements of a scrolled list come near to what is seen of it, once for each, and before it is printed. */
export class NearWatch {
  readonly #observer: IntersectionObserver;
  readonly #waiting = new Map<Element, () => void>();
  readonly #beforePrint: () => void;

  /**
   * @param list what scrolls
   * @param drawAtOnce runs what draws all elements, which a printer does not wait for
   */
  constructor(list: Element, drawAtOnce: (draw: () => void) => void) {
    this.#observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) if (isIntersecting) this.#tell(target);
      },
      { root: list, rootMargin: `${MARGIN}px 0px` },
    );
    this.#beforePrint = () => drawAtOnce(() => [...this.#waiting.keys()].forEach((element) => this.#tell(element)));
  }

  /** Returns how to end it. */
  watch(element: Element, onNear: () => void): () => void {
    if (this.#waiting.size === 0) window.addEventListener("beforeprint", this.#beforePrint);
    this.#waiting.set(element, onNear);
    this.#observer.observe(element);
    return () => this.#forget(element);
  }

  #tell(element: Element): void {
    const onNear = this.#waiting.get(element);
    this.#forget(element);
    onNear?.();
  }

  #forget(element: Element): void {
    this.#observer.unobserve(element);
    this.#waiting.delete(element);
    if (this.#waiting.size === 0) window.removeEventListener("beforeprint", this.#beforePrint);
  }
}
