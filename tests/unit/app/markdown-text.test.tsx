import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { MarkdownBlocks } from "@/app/_components/MarkdownBlocks";
import { completeBlock } from "@/app/_markdown/complete";
import { decodeEntities } from "@/app/_markdown/entities";
import { highlight } from "@/app/_markdown/highlight";
import { otherPlace, safeAddress } from "@/app/_markdown/links";

function htmlOf(text: string, isStreaming = false): string {
  const html = renderToStaticMarkup(<MarkdownBlocks text={text} isStreaming={isStreaming} />);
  return html.replace(/^<div[^>]*>(?:<div class="markdown-part">)?|(?:<\/div>){1,2}$/g, "");
}

describe("Markdown as the visitor sees it", () => {
  it.each([
    ["emphasis", "*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>"],
    ["one tilde is 'about'", "20~25 or ~30~", "<p>20~25 or ~30~</p>"],
    ["headings below the answer's own", "# a\n\n## b\n\n##### c", "<h4>a</h4><h5>b</h5><h6>c</h6>"],
    ["a nested list", "- a\n  - b", "<ul><li>a<ul><li>b</li></ul></li></ul>"],
    ["a list from another number", "3. a", '<ol start="3"><li>a</li></ol>'],
    ["a quote", "> a", "<blockquote><p>a</p></blockquote>"],
    ["a rule", "---", "<hr/>"],
    ["a line break in a cell or line", "a<br>b", "<p>a<br/>b</p>"],
    ["character references", "a &amp;lt; &#60;b&gt; &nope;", "<p>a &amp;lt; &lt;b&gt; &amp;nope;</p>"],
    ["an escape", "\\*a\\* \\<b>", "<p>*a* &lt;b&gt;</p>"],
    ["HTML as text", "a <b onclick=x>*c*</b>", "<p>a &lt;b onclick=x&gt;<em>c</em>&lt;/b&gt;</p>"],
    ["a block of HTML as text", "<div>\n*a*\n</div>", "<p>&lt;div&gt;\n<em>a</em>\n&lt;/div&gt;</p>"],
    ["a comment of HTML as text", "<!-- a -->", "<p>&lt;!-- a --&gt;</p>"],
    [
      "a reference to what is defined later",
      "[a][b]\n\n[b]: https://b.test/",
      '<p><a href="https://b.test/" title="https://b.test/" target="_blank" rel="noopener noreferrer nofollow">a</a></p>',
    ],
  ])("%s", (_, text, expected) => expect(htmlOf(text)).toBe(expected));

  it("shows a task as a check box that says its state", () => {
    const html = htmlOf("- [x] a\n- [ ] b");
    expect(html.match(/<input/g)).toHaveLength(2);
    expect(html).toMatch(/<input(?=[^>]*checked)(?=[^>]*disabled)(?=[^>]*aria-label="done")[^>]*>a/);
    expect(html).not.toContain("[x]");
  });

  it("shows a table with its alignment", () => {
    const html = htmlOf("| a | b |\n|:--|--:|\n| 1 | *2* |");
    expect(html).toContain('<th scope="col" class="text-left">a</th>');
    expect(html).toContain('<td class="text-right"><em>2</em></td>');
  });

  it("names a code block's language, and nothing odd as one", () => {
    expect(htmlOf("```python\nx\n```")).toContain('aria-label="Code, python"');
    const odd = htmlOf('```"><script>\nx\n```');
    expect(odd).toContain('aria-label="Code"');
    expect(odd).not.toContain("<script");
  });
});

describe("links and images", () => {
  const href = /href="([^"]*)"/;
  it.each([
    ["[x](javascript:alert(1))"],
    ["[x](JaVaScRiPt:alert(1))"],
    ["[x](java\tscript:alert(1))"],
    ["[x](javascript&colon;alert(1))"],
    ["[x](&#106;avascript:alert(1))"],
    ["[x](<javascript:alert(1)>)"],
    ["[x](data:text/html,<script>1</script>)"],
    ["[x](vbscript:x) [y](file:///etc/passwd) [z](blob:https://a.test/1)"],
    ["[x](/api/chat) [y](#top) [z](//evil.test)"],
    ["![x](data:image/svg+xml,<svg onload=alert(1)>)"],
    ["[x][y]\n\n[y]: javascript:alert(1)"],
    ["<javascript:alert(1)>"],
  ])("leads nowhere: %s", (text) => {
    const html = htmlOf(text);
    expect(html).not.toMatch(href);
    expect(html).toContain("<p>");
  });

  it("an image is a link with its text, and is not loaded", () => {
    const html = htmlOf("![a *cat*](https://evil.test/x.png)");
    expect(html).not.toContain("<img");
    expect(html).toContain(">Image: a *cat*</a>");
    expect(href.exec(html)?.[1]).toBe("https://evil.test/x.png");
  });

  it.each([
    ["click here", "https://a.test/", null],
    ["https://a.test/b", "https://a.test/b", null],
    ["www.a.test", "https://a.test/", null],
    ["https://bank.example/login", "https://evil.test/", "evil.test"],
    ["bank.example", "https://bank.example.evil.test/", "bank.example.evil.test"],
    ["bank.example", "https://bank.example@evil.test/", "evil.test"],
    ["me@a.test", "mailto:me@a.test", null],
    ["me@a.test", "mailto:me@evil.test", "evil.test"],
  ])("%s to %s says %s", (text, address, expected) => expect(otherPlace(text, address)).toBe(expected));

  it("only whole addresses of the web and of mail are followed", () => {
    expect(safeAddress("https://a.test/?q=1")).toBe("https://a.test/?q=1");
    expect(safeAddress("mailto:me@a.test")).toBe("mailto:me@a.test");
    expect(safeAddress(" javascript:alert(1)")).toBeNull();
    expect(safeAddress(`https://a.test/${"x".repeat(3000)}`)).toBeNull();
  });
});

describe("while it streams", () => {
  it.each([
    ["emphasis", "some **bold te", "<p>some <strong>bold te</strong></p>"],
    ["code", "some `co", "<p>some <code>co</code></p>"],
    ["a link's text", "see [the doc", "<p>see the doc</p>"],
    ["a link's address", "see [the doc](https://a.te", "<p>see the doc</p>"],
    ["an image", "see ![a cat](https://a.te", "<p>see Image: a cat</p>"],
    ["emphasis around a formula", "**so \\(a_1\\) is", "<p><strong>so <code>a_1</code> is</strong></p>"],
    ["underscores of a formula", "so \\(a_{1}\\) is", "<p>so <code>a_{1}</code> is</p>"],
    ["a formula", "so \\(a_{1", "<p>so <code>a_{1</code></p>"],
  ])("%s that has begun looks as it will", (_, text, expected) => expect(htmlOf(text, true)).toBe(expected));

  it("a fence without an end is code", () => {
    expect(htmlOf("```js\nconst a", true)).toContain('<pre tabindex="0"><code>const a</code></pre>');
  });

  it.each(["| a | b |", "| a | b |\n", "| a | b |\n|", "| a | b |\n|--", "| a | b |\n|---|-", "| a | b |\n|---|---|"])(
    "the head of a table is a table: %j",
    (text) => {
      const html = htmlOf(text, true);
      expect(html).toContain("<th");
      expect(html.match(/<th /g)).toHaveLength(2);
      expect(html).not.toContain("--");
    },
  );

  it("what is complete is left alone", () => {
    for (const text of [
      "so \\(x^{**}\\) is",
      "so \\(f[a\\) is",
      "a *b* c",
      "```\n*\n```",
      "```\n*",
      "$5 and $6",
      "a_b",
      "2 * 3",
    ])
      expect(completeBlock(text)).toBe(text);
  });
});

describe("coloured code", () => {
  it("is the same code in parts", () => {
    const code = 'const a = "<b>"; // why\n';
    const parts = highlight(code, "ts");
    expect(parts?.map(({ text }) => text).join("")).toBe(code);
    expect(parts).toContainEqual({ kind: "hljs-keyword", text: "const" });
  });
  it("is plain in a language that nobody knows", () => {
    expect(highlight("x", "klingon")).toBeNull();
    expect(highlight("x", "__proto__")).toBeNull();
    expect(highlight("x", "constructor")).toBeNull();
  });
});

it("character references never bring back what was cleaned away", () => {
  expect(decodeEntities("&#0;&#x202e;&#27;&#xd800;&#x110000;")).toBe("\ufffd".repeat(5));
  expect(decodeEntities("&constructor;")).toBe("&constructor;");
});
