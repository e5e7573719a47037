import type { Kind } from "../kinds";
import { contentOf, type Content } from "./content";

/** What a text is, by how its lines look. `text`: its beginning. Null when it is none. */
export function judgeText(head: Buffer, isWhole: boolean): Content | null {
  if (controlBytes(head) > head.length / 500) return null;
  const text = head.toString("utf8");
  // The last letter may be cut in two; more of them say that it is no UTF-8.
  const strange = text.split("\uFFFD").length - 1;
  if (strange > 2 + text.length / 200) return null;
  if (text.startsWith("version https://git-lfs.github.com/spec/v1\n")) return contentOf("text", "git");
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  if (!isWhole && lines.length > 1) lines.pop();
  if (lines.length === 0) return contentOf("text", "other");
  if (/^#version: /.test(text)) return contentOf("tokenizer", "tokenizer"); // merges.txt of a BPE
  return tableOf(lines) ?? contentOf("text", proseOrCode(text, lines));
}

/** Those that no text has; all texts of a folder have none, but logs may have colours. */
function controlBytes(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if (byte < 0x20 && (byte < 0x07 || (byte > 0x0d && byte !== 0x1b))) count += 1;
  return count;
}

function tableOf(lines: readonly string[]): Content | null {
  if (lines.length < 2) return null;
  const isRow = (line: string): boolean => /^\{".*\}$/.test(line.trim());
  if (lines.slice(0, 20).every(isRow)) return contentOf("jsonl", "dataset");
  for (const separator of [",", "\t", ";"]) {
    const counts = lines.slice(0, 20).map((line) => line.split(separator).length);
    const isEven = counts.every((count) => count === counts[0]) && (counts[0] ?? 0) > 1 && lines.length > 3;
    // Lines of code end in the separator; rows of a table do not.
    if (isEven && !lines.slice(0, 20).some((line) => /[{}]|[;,]\s*$/.test(line))) return contentOf("csv", "dataset");
  }
  return null;
}

const CODE_LINE =
  /^(?:import\b|from\s+\S+\s+import\b|export\b|const\b|let\b|var\b|def\b|class\b|function\b|return\b|if\s*\(|for\s*\(|#include\b|#!|package\s+\w|use\s+[\w:]+;|fn\s|pub\s|public\b|private\b|async\b|await\b|[})\]]+[;,]?\s*$|.*[{;]\s*$|\w+\s*=\s*\S|<\/?\w+[^>]*>|@\w+|[\w.-]+:\s|\[[\w.-]+\]\s*$)/;
const TEST_LINE =
  /\b(?:describe|it|test|beforeEach|beforeAll)(?:\.\w+)*\(\s*["'`(\[]|^[ \t]*(?:async[ \t]+)?def[ \t]+test_|\bimport\s+(?:pytest|unittest)\b|@Test\b|#\[test\]|\bfunc\s+Test\w+\(/m;
const DOCUMENT_LINE = /^(?:#{1,6}\s|[-*]\s|\d+\.\s|>\s|\||```|={3,}|-{3,}|\.\. \w)/;

/** Looked at of each line: what it is shows at its beginning, and a pattern may take long on a long one. */
const LINE_LENGTH = 300;

function proseOrCode(text: string, all: readonly string[]): Kind {
  if (TEST_LINE.test(text)) return "tests";
  const lines = all.map((line) => line.trim().slice(0, LINE_LENGTH));
  const share = (test: (line: string) => boolean): number => lines.filter(test).length / lines.length;
  const isCode = (line: string): boolean => CODE_LINE.test(line);
  const code = share(isCode);
  const marked = share((line) => DOCUMENT_LINE.test(line));
  const wordy = share((line) => line.split(/\s+/).length > 6 && !isCode(line));
  if (marked + wordy > code) return "documentation";
  return code >= 0.3 ? "code" : "documentation";
}
