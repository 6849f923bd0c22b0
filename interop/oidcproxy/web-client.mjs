// Headless Chromium on a page that is an MCP client, served by web-site.mjs at an origin that the product allows: it finds the authorization server, registers,
// signs in and calls a tool; the same page at another origin, with the same token, cannot. Usage: web-client.mjs CLIENT URL SCOPE CHROMIUM ORIGIN OTHER-ORIGIN...
import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { seen } from "./lib.mjs";

const [name, url, scope, executablePath, listed, ...others] = process.argv.slice(2);
const { pathname } = new URL(url);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });

// open returns the client's page at an origin, and what it complains of.
async function open(origin) {
  const page = await (await browser.newContext()).newPage(), problems = [];
  page.setDefaultTimeout(10_000);
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  await page.goto(`${origin}/${name}`);
  return { page, problems };
}

async function connect(page) {
  await page.getByRole("textbox").fill(url);
  await page.getByRole("button", { name: "Connect" }).click();
}

const output = (page) => page.locator("output:not(:empty)");

// shown returns what the page shows in the end, and what it has kept.
async function shown(page) {
  return { ...JSON.parse(await output(page).textContent()), kept: JSON.parse(await page.evaluate(() => sessionStorage.getItem("kept"))) };
}

// simple returns the status of a request that a browser sends without asking, to an answer that the page cannot read.
async function simple(page) {
  const address = `${url}?simple`; // tells its answer from others
  const [answer] = await Promise.all([page.waitForResponse(address), page.evaluate((at) => fetch(at, { method: "POST", mode: "no-cors", body: "{}" }), address)]);
  return answer.status();
}

const called = ({ tools, names, error }) => {
  assert.equal(error, undefined);
  assert.ok(tools.includes("zpa_list_segment_groups"));
  assert.ok(names.length && names.every((each) => typeof each === "string"));
};

try {
  // An origin that is allowed.
  const { page, problems } = await open(listed);
  await connect(page);
  const allow = page.getByRole("button", { name: "Allow" });
  await allow.or(output(page)).waitFor();
  assert.ok(await allow.isVisible(), `no sign-in: ${await page.locator("body").innerText()}`);
  await allow.click();
  await page.waitForURL((at) => at.origin === listed);
  const first = await shown(page);
  const { requests, granted } = first.kept;
  seen(granted?.access_token, granted?.refresh_token);
  called(first);
  assert.equal(granted.scope, scope);
  assert.deepEqual(requests.slice(0, 6).map(([request]) => request), [
    `POST ${pathname} 401`, `GET /.well-known/oauth-protected-resource${pathname} 200`, "GET /.well-known/oauth-authorization-server 200", "POST /register 201", "POST /token 200",
    `POST ${pathname} 200`,
  ]);
  const [[, refusal]] = requests;
  assert.match(refusal["www-authenticate"], /resource_metadata="/);
  assert.match(refusal["x-request-id"], /./);
  const legacy = name !== "client-modern"; // has a session, and a stream beside its calls
  assert.equal(requests.some(([, headers]) => headers["mcp-session-id"]), legacy);
  assert.equal(requests.filter(([request]) => [`GET ${pathname} 200`, `DELETE ${pathname} 204`].includes(request)).length, legacy ? 2 : 0);
  assert.deepEqual(problems.filter((text) => !text.includes("401 (Unauthorized)")), []); // the first answer
  assert.equal(await simple(page), 401);

  // The same page elsewhere: by itself, and with what the first has kept.
  for (const origin of others) {
    for (const kept of [undefined, { granted, registered: first.kept.registered, discovered: first.kept.discovered, requests: [] }]) {
      const { page } = await open(origin);
      if (kept) {
        await page.evaluate((text) => sessionStorage.setItem("kept", text), JSON.stringify(kept));
        await page.reload();
      }
      await Promise.all([page.waitForEvent("console", (message) => /preflight.*No .Access-Control-Allow-Origin/.test(message.text())), connect(page)]);
      const { error, kept: { granted, requests } } = await shown(page);
      assert.ok(error, origin);
      assert.deepEqual(granted, kept?.granted);
      assert.ok(requests.length && requests.every(([request]) => request === `POST ${pathname} TypeError`), `${origin}: ${JSON.stringify(requests)}`);
      assert.equal(await simple(page), 403, origin);
    }
  }

  // The first again, without another sign-in: the token was good all the while.
  await page.reload();
  await connect(page);
  called(await shown(page));
} finally {
  await browser.close();
}
