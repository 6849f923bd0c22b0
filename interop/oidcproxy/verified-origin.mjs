// Headless Chromium on the consent page of a client with a metadata document: it names the host of the document as the verified origin, without a violation of
// axe, and the way on works. Usage: verified-origin.mjs URL CHROMIUM DOCUMENT [DIRECTORY-FOR-SCREENSHOTS]
import assert from "node:assert/strict";
import http from "node:http";
import { once } from "node:events";
import { chromium } from "playwright-core";
import { judge, sights } from "./axe.mjs";
import { Client } from "./lib.mjs";

const [url, executablePath, documentURL, screenshots] = process.argv.slice(2);
const site = http.createServer((_, res) => res.setHeader("Content-Type", "text/html").end("<!DOCTYPE html><title>the client</title><body>")).listen(0, "127.0.0.1");
await once(site, "listening");
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
for (const { name, ...sight } of sights) {
  const context = await browser.newContext(sight);
  const page = await context.newPage();
  const problems = [];
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  const client = Object.assign(Client.known(new URL(url).origin, url, documentURL), { redirect: `http://127.0.0.1:${site.address().port}/callback` });
  await page.goto(client.link);
  await page.getByRole("heading", { name: /interop/ }).waitFor();
  const rows = Object.fromEntries(await page.locator("dl > div").evaluateAll((all) => all.map((row) => [row.querySelector("dt").textContent, row.querySelector("dd").textContent])));
  assert.equal(rows["Verified origin"], new URL(documentURL).host);
  assert.doesNotMatch(rows.App, /unverified/);
  await judge(page, `verified-origin-${name}`, screenshots);
  await page.getByRole("button", { name: "Allow" }).click();
  await page.waitForURL(`${client.redirect}?**`);
  assert.equal((await client.redeem(new URL(page.url()).searchParams.get("code"))).status, 200);
  assert.deepEqual(problems, [], name);
  await context.close();
}
site.close();
await browser.close();
