import "katex/dist/katex.min.css";

import katex from "katex";

/**
 * Draws a formula into an element: once for the eye, and once as MathML for a screen reader. It is built of elements and
 * not of HTML, so that the page's Content-Security-Policy can forbid style attributes. No command of it can link, load or
 * style (`trust`), and each ends (`maxExpand`) at a size of some lines (`maxSize`, in em).
 *
 * @throws when the formula is not one KaTeX can read
 */
export function typeset(element: HTMLElement, source: string, isDisplay: boolean): void {
  katex.render(source, element, {
    displayMode: isDisplay,
    output: "htmlAndMathml",
    throwOnError: true,
    trust: false,
    strict: "ignore",
    maxExpand: 200,
    maxSize: 20,
  });
}
