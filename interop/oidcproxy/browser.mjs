// What a browser must not get away with, and what it may. Usage: browser.mjs URL
import assert from "node:assert/strict";
import { Browser, Client } from "./lib.mjs";

const [url] = process.argv.slice(2);
const { origin } = new URL(url);
const client = await Client.register(origin, url);
const isCallback = ({ origin: at, pathname }) => at === origin && pathname === "/auth/callback";

// Approved in one browser, finished in another.
const first = new Browser(), second = new Browser();
const { stopped } = await first.go(client.link, { stop: isCallback });
const elsewhere = await second.fetch(stopped);
assert.equal(elsewhere.status, 400);
assert.equal(elsewhere.headers.get("location"), null);
const finished = await first.fetch(stopped);
const code = new URL(finished.headers.get("location")).searchParams.get("code");
assert.ok(code, "the browser that began cannot finish");

// The callback fired twice, and then the code.
assert.equal((await first.fetch(stopped)).status, 400);
const tokens = await client.redeem(code);
assert.equal(tokens.status, 200);
assert.equal((await client.redeem(code)).error, "invalid_grant");
assert.equal(await client.call(tokens.access_token), 200);

// A refusal.
const { query } = await new Browser().go(client.link, { action: "deny" });
assert.equal(query.get("error"), "access_denied");
assert.equal(query.get("iss"), origin);
assert.equal(query.get("state"), "a-state");
