import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import cpp from "highlight.js/lib/languages/cpp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import go from "highlight.js/lib/languages/go";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import markdown from "highlight.js/lib/languages/markdown";
import python from "highlight.js/lib/languages/python";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import { createLowlight } from "lowlight";

const languages = {
  bash,
  c,
  cpp,
  css,
  diff,
  go,
  java,
  javascript,
  json,
  markdown,
  python,
  rust,
  sql,
  typescript,
  xml,
  yaml,
};
const lowlight = createLowlight(languages);

/** A stretch of code of one kind, such as `hljs-keyword`; `kind` is empty for what is none. */
export interface CodePart {
  kind: string;
  text: string;
}

/** The code in parts whose texts are the code again; null for a language that is not known here, or by another name. */
export function highlight(code: string, language: string): CodePart[] | null {
  if (!lowlight.registered(language)) return null;
  const parts: CodePart[] = [];
  const { children } = lowlight.highlight(language, code);
  collect(children, "", parts);
  return parts;
}

type Nodes = ReturnType<typeof lowlight.highlight>["children"];

function collect(nodes: Nodes, kind: string, parts: CodePart[]): void {
  for (const node of nodes) {
    if (node.type === "text") parts.push({ kind, text: node.value });
    if (node.type !== "element") continue;
    const names = node.properties["className"];
    collect(node.children, Array.isArray(names) ? names.join(" ") : kind, parts);
  }
}
