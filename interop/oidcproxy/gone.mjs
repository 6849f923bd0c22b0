// The identity provider's process ends, so that nobody listens there. Usage: gone.mjs URL PROCESS-ID
import assert from "node:assert/strict";
import { Browser, Client } from "./lib.mjs";

const [url, pid] = process.argv.slice(2);
const client = await Client.register(new URL(url).origin, url);
const { query } = await new Browser().go(client.link);
const tokens = await client.redeem(query.get("code"));
assert.equal(tokens.status, 200);
process.kill(Number(pid));
for (let waited = 0; ; waited++) { // until its port is closed
  const refused = await client.refresh(tokens.refresh_token);
  if (refused.status !== 200 || waited === 50) {
    assert.deepEqual([refused.status, refused.error], [503, "temporarily_unavailable"]);
    break;
  }
  tokens.refresh_token = refused.refresh_token;
  tokens.access_token = refused.access_token;
}
assert.equal(await client.call(tokens.access_token), 200);
