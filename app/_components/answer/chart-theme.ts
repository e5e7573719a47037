import { isDarkGround, type ChartTheme } from "./chart-colours";

/** The theme as an element shows it, from its own colour, ground, border and font: `light-dark()` is resolved there. */
export function readTheme(element: Element): ChartTheme {
  const { color, backgroundColor, borderTopColor, fontFamily } = getComputedStyle(element);
  return {
    isDark: isDarkGround(backgroundColor),
    ink: color,
    line: borderTopColor,
    ground: backgroundColor,
    fontFamily,
  };
}

/**
 * Tells when the page may look different: the visitor's system changed, or `data-theme` of the page.
 *
 * @returns what ends it
 */
export function watchTheme(onChange: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const page = new MutationObserver(onChange);
  system.addEventListener("change", onChange);
  page.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "class", "style"] });
  return () => {
    system.removeEventListener("change", onChange);
    page.disconnect();
  };
}
