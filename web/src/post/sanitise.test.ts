// @vitest-environment jsdom
import { expect, test } from "vitest";
import { cleanHtml, plainText, splitEmoji } from "./sanitise";

test.each([
  ["script", "<p>a<script>alert(1)</script></p>", "<p>a</p>"],
  ["handler", '<p onclick="x()">a</p>', "<p>a</p>"],
  ["picture", '<img src=x onerror="x()">a', "a"],
  ["style", '<p style="position:fixed">a</p><style>*{}</style>', "<p>a</p>"],
  ["javascript address", '<a href="javascript:x()">a</a>', "<a>a</a>"],
  ["data address", '<a href="data:text/html,x">a</a>', "<a>a</a>"],
  ["svg", "<svg><script>x()</script><a xlink:href='javascript:x'>a</a></svg>b", "b"],
  ["forged marks", '<a data-profile="1" href="https://e.example/">a</a>', '<a href="https://e.example/" rel="noopener noreferrer nofollow ugc" target="_blank">a</a>'],
  ["foreign classes", '<span class="rail mention">a</span>', '<span class="mention">a</span>'],
  ["form", '<form action="https://e.example"><input name="p">a</form>', "a"],
  ["ruby stays", "<ruby>縁<rt>えん</rt></ruby>", "<ruby>縁<rt>えん</rt></ruby>"],
])("%s", (_, html, want) => expect(cleanHtml(html)).toBe(want));

test("mentions and hashtags are told by the post, not by their looks", () => {
  const marks = {
    mentions: [{ id: "7", username: "aki", acct: "aki@b.example", url: "https://b.example/@aki" }],
    tags: [{ name: "縁側", url: "https://h.example/tags/縁側" }],
  };
  const html = cleanHtml('<a href="https://b.example/@aki">@aki</a> <a href="https://c.example/tags/x">#縁側</a> <a href="https://c.example/">#other</a>', marks);
  expect(html).toContain('data-profile="7"');
  expect(html).toContain('data-tag="縁側"');
  expect(html.match(/data-/g)).toHaveLength(2);
});

test("emoji become pictures, not in code and not from odd addresses", () => {
  const emojis = [
    { shortcode: "neko", url: "/e.png", static_url: "/s.png" },
    { shortcode: "bad", url: "javascript:x", static_url: "" },
  ];
  const html = cleanHtml("<p>a :neko::neko: :no: <code>:neko:</code> :bad:</p>", { emojis });
  expect(html.match(/src="\/s.png"/g)).toHaveLength(2);
  expect(html).toContain("<code>:neko:</code>");
  expect(html).not.toContain("javascript");
});

test("the fallback line of a quote goes when the quote is shown", () => {
  expect(cleanHtml('<p class="quote-inline">RE: x</p><p>a</p>', {}, true)).toBe("<p>a</p>");
});

test("splitEmoji leaves times alone", () => {
  expect(splitEmoji("10:30:00", new Map())).toEqual(["10:30:00"]);
});

test("plainText", () => expect(plainText("<p>a<br>b</p><p>c &amp; d</p>")).toBe("a b c & d"));
