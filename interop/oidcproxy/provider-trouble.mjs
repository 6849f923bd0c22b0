// The identity provider changes its keys between consent and callback, goes down, and loses a user. Usage: provider-trouble.mjs URL PROVIDER
import assert from "node:assert/strict";
import { Browser, Client, tell } from "./lib.mjs";

const [url, provider] = process.argv.slice(2);
const { origin } = new URL(url);
const client = await Client.register(origin, url);
const browser = new Browser();

try {
  // New keys while the user is there. The product asks for keys at most once in 30 seconds.
  const { stopped } = await browser.go(client.link, { stop: ({ origin: at }) => at === provider });
  await tell(provider, "publish");
  await tell(provider, "retire");
  const { query } = await browser.go(stopped);
  assert.ok(query.get("code"), String(query));
  let tokens = await client.redeem(query.get("code"));
  assert.equal(tokens.status, 200);

  // Down: nobody is signed out, and the same token works afterwards.
  await tell(provider, "down");
  assert.equal((await client.refresh(tokens.refresh_token)).status, 503);
  assert.equal(await client.call(tokens.access_token), 200);
  await tell(provider, "up");
  const refreshed = await client.refresh(tokens.refresh_token);
  assert.equal(refreshed.status, 200);
  assert.equal((await client.refresh(tokens.refresh_token)).refresh_token, refreshed.refresh_token); // within the grace
  tokens = refreshed;
  for (let times = 0; times < 2; times++) { // each with what the provider gave at the one before
    const next = await client.refresh(tokens.refresh_token);
    assert.equal(next.status, 200);
    assert.notEqual(next.refresh_token, tokens.refresh_token);
    tokens = next;
  }
  assert.equal(await client.call(tokens.access_token), 200);

  // Disabled: out at the next refresh, at once.
  await tell(provider, "disable");
  const refused = await client.refresh(tokens.refresh_token);
  assert.deepEqual([refused.status, refused.error], [400, "invalid_grant"]);
  assert.equal(await client.call(tokens.access_token), 401);
} finally { // for the checks that follow
  await tell(provider, "up");
  await tell(provider, "enable");
}
