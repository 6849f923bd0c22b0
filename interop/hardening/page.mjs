// Headless Chromium opens the address of the endpoint: the page for people has no violation of axe in two sizes and both colour schemes, needs no script and loads
// nothing, and is in no frame; a script gets the refusal that programs get. Usage: page.mjs URL CHROMIUM [DIRECTORY-FOR-SCREENSHOTS]
import assert from "node:assert/strict";
import http from "node:http";
import { once } from "node:events";
import { chromium } from "playwright-core";
import { judge, sights } from "../oidcproxy/axe.mjs";

const [url, executablePath, screenshots] = process.argv.slice(2);
const link = http.createServer((_, res) => res.setHeader("Content-Type", "text/html").end(`<!DOCTYPE html><title>another site</title><a href="${url}">the server</a>`)).listen(0, "127.0.0.1");
await once(link, "listening");
const another = `http://localhost:${link.address().port}/`;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });

for (const { name, ...sight } of sights) {
  for (const javaScriptEnabled of [true, false]) {
    const context = await browser.newContext({ ...sight, javaScriptEnabled });
    const page = await context.newPage();
    const problems = [], requests = [];
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("request", (request) => request.url().endsWith("/favicon.ico") || requests.push(request.url()));
    const response = await page.goto(url);
    assert.equal(response.status(), 200, name);
    assert.equal(response.headers()["www-authenticate"], undefined, name);
    assert.deepEqual([await page.locator("h1").count(), await page.locator("script").count()], [1, 0], name);
    assert.deepEqual(requests, [url], name);
    assert.deepEqual(problems, [], name); // before axe comes, whose styles the policy refuses
    const main = await page.locator("main").evaluate((element) => getComputedStyle(element).borderTopStyle);
    assert.equal(main, "solid", `${name}: the policy refuses the page's own style`);
    for (const block of await page.locator("pre").all()) { // long lines are reached by keyboard
      await block.focus();
      assert.ok(await block.evaluate((element) => element === document.activeElement && getComputedStyle(element).overflowX === "auto"), name);
    }
    if (javaScriptEnabled) await judge(page, `page-${name}`, screenshots);
    await context.close();
  }
}

// A link of another site leads here; its frame shows nothing, and scripts, its own and this one's, are programs.
const other = await browser.newPage();
await other.goto(another);
await other.getByRole("link").click();
await other.getByRole("heading", { level: 1 }).waitFor();
await other.goto(new URL("/health", url).href); // a document of the same origin, without a policy of its own
assert.equal(await other.evaluate(async (url) => (await fetch(url, { headers: { Accept: "text/html", "Sec-Fetch-Mode": "navigate" } })).status, url), 401);
await other.goto(another);
assert.equal(await other.evaluate((url) => fetch(url).then(() => "read", () => "refused"), url), "refused");
await other.evaluate((src) => {
  const frame = document.createElement("iframe");
  frame.src = src;
  document.body.append(frame);
  return new Promise((done) => frame.addEventListener("load", done));
}, url);
const frame = other.frames().find((each) => each !== other.mainFrame());
for (let waited = 0; !frame.url() && waited < 100; waited++) await other.waitForTimeout(50); // the news of the error page may come after its load
assert.equal(await frame.locator("h1").count(), 0, "the page is shown in a frame");

link.close();
await browser.close();
