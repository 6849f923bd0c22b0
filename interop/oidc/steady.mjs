// Calls a tool again and again, in both eras, each time with a token that it has just got, until it is asked to end. It fails if a call has
// failed, or if the provider has not changed its key meanwhile. Usage: steady.mjs URL ISSUER CLIENT SCOPE
import { setTimeout } from "node:timers/promises";
import { callTool, load, service } from "./lib.mjs";

const [url, issuer, as, scope] = process.argv.slice(2);
const keys = new Set();
const failures = [];
let calls = 0, ending = false, token;

const fresh = async () => {
  token = await service(issuer, as, url, scope);
  keys.add(JSON.parse(Buffer.from(token.split(".")[0], "base64url")).kid);
};

async function keepCalling(name) {
  const { newClient, Transport } = await load(name);
  const client = newClient();
  await client.connect(new Transport(new URL(url), { authProvider: { token: async () => token } }));
  while (!ending) {
    await fresh();
    await callTool(client).catch((err) => failures.push(err.message));
    calls++;
    await setTimeout(10);
  }
  await client.close();
}

process.on("SIGTERM", () => (ending = true));
await fresh();
await Promise.all([keepCalling("client-legacy"), keepCalling("client-modern")]);
console.error(`${calls} calls, ${failures.length} failed, tokens of ${keys.size} keys`, failures.slice(0, 5));
process.exitCode = failures.length || keys.size < 2 ? 1 : 0;
