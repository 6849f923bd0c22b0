// What a browser must not get away with, and what it may. Usage: browser.mjs URL
import assert from "node:assert/strict";
import { Browser, Client } from "./lib.mjs";

const [url] = process.argv.slice(2);
const { origin } = new URL(url);
const client = await Client.register(origin, url);
const isPage = ({ status, headers, body }, wanted) => {
  assert.equal(status, wanted, body);
  assert.match(headers.get("content-type"), /^text\/html/);
  assert.match(body, /<h1>/);
  assert.equal(headers.get("location"), null);
  assert.doesNotMatch(body, /http-equiv="refresh"/);
};
const isCallback = ({ origin: at, pathname }) => at === origin && pathname === "/auth/callback";

// Approved in one browser, finished in another.
const first = new Browser(), second = new Browser();
const { stopped } = await first.go(client.link, { stop: isCallback });
isPage(await second.fetch(stopped), 400);
const finished = await first.fetch(stopped);
const code = new URL(finished.headers.get("location")).searchParams.get("code");
assert.ok(code, "the browser that began cannot finish");

// The callback fired twice, and then the code.
isPage(await first.fetch(stopped), 400);
const tokens = await client.redeem(code);
assert.equal(tokens.status, 200);
const again = await client.redeem(code); // a client may fire twice
assert.deepEqual([again.status, again.error], [400, "invalid_grant"]);
assert.equal(await client.call(tokens.access_token), 200);
client.verifier = "x".repeat(43); // a thief has no verifier
const stolen = await client.redeem(code);
assert.deepEqual([stolen.status, stolen.error], [400, "invalid_grant"]);
assert.equal(await client.call(tokens.access_token), 401);
assert.equal((await client.refresh(tokens.refresh_token)).error, "invalid_grant");

// The form, sent by another site or from another browser.
const asking = new Browser(), question = await asking.fetch(client.link);
isPage(await asking.submit(question, "approve", { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" }), 403);
isPage(await new Browser().submit(question, "approve"), 403);

// A refusal.
const { query } = await new Browser().go(client.link, { action: "deny" });
assert.equal(query.get("error"), "access_denied");
assert.equal(query.get("iss"), origin);
assert.equal(query.get("state"), "a-state");
