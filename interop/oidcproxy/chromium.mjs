// Headless Chromium on the real pages: the consent form works under its policy, in two sizes and both colour schemes, without a violation of axe; a frame
// shows nothing; a page of another origin can use the endpoints for programs. Usage: chromium.mjs URL CHROMIUM [DIRECTORY-FOR-SCREENSHOTS]
import assert from "node:assert/strict";
import http from "node:http";
import { once } from "node:events";
import { chromium } from "playwright-core";
import { judge, sights } from "./axe.mjs";
import { callback, Client } from "./lib.mjs";

const [url, executablePath, screenshots] = process.argv.slice(2);
const { origin } = new URL(url);
const site = http.createServer((_, res) => res.setHeader("Content-Type", "text/html").end("<!DOCTYPE html><title>another site</title><body>")).listen(0, "127.0.0.1");
await once(site, "listening");
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });

// register returns a client whose callback is the other site: on loopback any port will do.
async function register() {
  return Object.assign(await Client.register(origin, url), { redirect: `http://127.0.0.1:${site.address().port}/callback` });
}

for (const { name, ...sight } of sights) {
  for (const javaScriptEnabled of [true, false]) {
    const context = await browser.newContext({ ...sight, javaScriptEnabled });
    const page = await context.newPage();
    const problems = [];
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    const client = await register();
    await page.goto(client.link);
    await page.getByRole("heading", { name: /interop/ }).waitFor();
    if (javaScriptEnabled) await judge(page, `consent-${name}`, screenshots);
    await page.getByRole("button", { name: "Allow" }).click();
    await page.waitForURL(`${client.redirect}?**`);
    const query = new URL(page.url()).searchParams;
    assert.ok(query.get("code"), `${name}: ${query}`);
    assert.equal((await client.redeem(query.get("code"))).status, 200);
    assert.deepEqual(problems, [], name);
    if (javaScriptEnabled) {
      await page.goto(`${origin}/authorize?client_id=unknown`);
      await judge(page, `error-${name}`, screenshots);
      await page.goto((await register()).link);
      await page.route(`${origin}/consent`, async (route) => { // the page that moves on, held still
        const response = await route.fetch();
        await route.fulfill({ response, body: (await response.text()).replace(/<meta http-equiv="refresh"[^>]*>/, "") });
      });
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.getByRole("link", { name: "Continue" }).waitFor();
      await judge(page, `continue-${name}`, screenshots);
      await page.getByRole("link", { name: "Continue" }).click();
      await page.waitForURL(/error=access_denied/);
    }
    await context.close();
  }
}

// Another site: frames show nothing, and its scripts may use what is for programs.
const other = await browser.newPage();
await other.goto(`http://localhost:${site.address().port}/`);
const { link } = await Client.register(origin, url);
await other.evaluate((src) => {
  const frame = document.createElement("iframe");
  frame.src = src;
  document.body.append(frame);
  return new Promise((done) => frame.addEventListener("load", done));
}, link);
const frame = other.frames().find((each) => each !== other.mainFrame());
for (let waited = 0; !frame.url() && waited < 100; waited++) await other.waitForTimeout(50); // the news of the error page may come after its load
assert.match(frame.url(), /^chrome-error:/, "the consent page is shown in a frame");
const used = await other.evaluate(async ({ origin, callback }) => {
  const metadata = await (await fetch(`${origin}/.well-known/oauth-authorization-server`, { headers: { "MCP-Protocol-Version": "2025-11-25" } })).json();
  const register = await fetch(metadata.registration_endpoint, {
    method: "POST", headers: { "Content-Type": "application/json", "MCP-Protocol-Version": "2025-11-25" }, body: JSON.stringify({ redirect_uris: [callback] }),
  });
  const token = await fetch(metadata.token_endpoint, { method: "POST", body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: "x", client_id: (await register.json()).client_id }) });
  const page = await fetch(`${origin}/authorize`).then(() => "read", () => "refused");
  return [register.status, token.status, (await token.json()).error, page];
}, { origin, callback });
assert.deepEqual(used, [201, 400, "invalid_grant", "refused"]);

site.close();
await browser.close();
