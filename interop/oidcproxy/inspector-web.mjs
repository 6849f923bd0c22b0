// Headless Chromium on the page of the Inspector's last 0.x release, served by web-site.mjs: its connection type "Direct" leaves the requests to the browser.
// At an origin that the product allows it registers, signs in, lists tools and calls one; at another origin, with the same token, it cannot.
// Usage: inspector-web.mjs URL SCOPE CHROMIUM ORIGIN OTHER-ORIGIN...
import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { seen } from "./lib.mjs";

const [url, scope, executablePath, listed, ...others] = process.argv.slice(2);
const { origin: product, pathname } = new URL(url);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });

// While it leaves for the sign-in the page begins another, from here on, whose verifier may take the place of the first one's: that request is held.
const again = `${product}/.well-known/oauth-protected-resource`;

// open returns the page at an origin, what it asks of the product, and what it complains of. It uses no route of Playwright's, which would answer preflights.
async function open(origin, kept = {}) {
  const page = await (await browser.newContext()).newPage(), requests = [], problems = [];
  page.setDefaultTimeout(10_000);
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("response", (answer) => {
    const at = new URL(answer.url());
    if (at.pathname === "/oauth/callback") seen(at.searchParams.get("code"));
    if (at.origin === product && answer.request().resourceType() === "fetch") requests.push(`${answer.request().method()} ${at.pathname} ${answer.status()}`);
  });
  await page.addInitScript(({ again, origin, kept }) => {
    const { fetch } = window;
    window.fetch = (address, init) => (String(address) === again ? new Promise(() => {}) : fetch(address, init));
    if (location.origin === origin && !sessionStorage.length) Object.assign(sessionStorage, kept);
  }, { again, origin, kept });
  await page.goto(`${origin}/?${new URLSearchParams({ transport: "streamable-http", serverUrl: url, MCP_PROXY_FULL_ADDRESS: origin })}`); // that proxy is asked for defaults
  await page.getByRole("combobox", { name: "Connection Type" }).click();
  await page.getByRole("option", { name: "Direct" }).click();
  return { page, requests, problems };
}

const connect = (page) => page.getByRole("button", { name: "Connect", exact: true }).click();
const connected = (page) => page.getByText("Connected", { exact: true });
const failed = (page) => page.getByText(/^Connection Error -/);
const tokens = `[${url}] mcp_tokens`; // where the page keeps them
const storage = (page) => page.evaluate(() => ({ ...sessionStorage }));

try {
  // An origin that is allowed.
  const { page, requests, problems } = await open(listed);
  await connect(page);
  const allow = page.getByRole("button", { name: "Allow" });
  await allow.or(failed(page)).waitFor();
  assert.ok(await allow.isVisible(), `no sign-in: ${problems.join("\n")}`);
  await allow.click();
  await page.waitForURL((at) => at.origin === listed);
  await connected(page).or(failed(page)).waitFor();
  assert.ok(await connected(page).isVisible(), `not connected: ${problems.join("\n")}`);
  const kept = await storage(page);
  const granted = JSON.parse(kept[tokens]);
  seen(granted.access_token, granted.refresh_token);
  assert.equal(granted.scope, scope);
  const discovery = [`GET /.well-known/oauth-protected-resource${pathname} 200`, "GET /.well-known/oauth-authorization-server 200"];
  assert.deepEqual(requests.slice(0, 8), [`POST ${pathname} 401`, ...discovery, "POST /register 201", ...discovery, "POST /token 200", `POST ${pathname} 200`]);

  await page.getByRole("tab", { name: "Tools" }).click();
  await page.getByRole("button", { name: "List Tools" }).click();
  await page.getByText("ZPA list segment groups", { exact: true }).click();
  await page.getByRole("textbox", { name: "query" }).fill("[].name");
  await page.getByRole("button", { name: "Run Tool" }).click();
  await page.getByRole("heading", { name: "Tool Result: Success" }).waitFor();
  assert.match(await page.locator("body").innerText(), /Structured Content:\s*\{\s*result:\s*\[\s*0:\s*"/); // a name
  assert.deepEqual(problems.filter((text) => /CORS/.test(text)), []);

  // The same page elsewhere: by itself, and with what the first has kept.
  for (const origin of others) {
    for (const taken of [{}, kept]) {
      const { page, requests, problems } = await open(origin, taken);
      await connect(page);
      await failed(page).waitFor();
      assert.ok(problems.some((text) => /preflight.*No .Access-Control-Allow-Origin/.test(text)), `${origin}: ${problems.join("\n")}`);
      assert.deepEqual(requests, [], origin);
      assert.equal((await storage(page))[tokens], taken[tokens], origin);
    }
  }

  // The first again, without another sign-in: the token was good all the while.
  requests.length = 0;
  await page.reload();
  await connect(page);
  await connected(page).waitFor();
  await Promise.all([page.waitForResponse((answer) => answer.request().method() === "DELETE" && answer.status() === 204), page.getByRole("button", { name: "Disconnect" }).click()]);
  assert.equal(requests[0], `POST ${pathname} 200`);
} finally {
  await browser.close();
}
