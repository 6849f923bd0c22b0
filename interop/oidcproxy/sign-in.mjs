// Signs in with a real client that knows the MCP URL and nothing else, calls tools, refreshes and revokes. With the address of its metadata document it must
// use that in place of a registration, or, where the server reads none, register all the same. Usage: sign-in.mjs CLIENT URL SCOPE [DOCUMENT [registers]]
import assert from "node:assert/strict";
import { load, use } from "../oidc/lib.mjs";
import { Browser, callback, Client } from "./lib.mjs";

const [name, url, scope, documentURL, registers = documentURL ? "" : "registers"] = process.argv.slice(2);

// Account is what a host of the client keeps.
class Account {
  redirectUrl = callback;
  clientMetadataUrl = documentURL;
  clientMetadata = { client_name: "interop", redirect_uris: [callback], token_endpoint_auth_method: "none", grant_types: ["authorization_code", "refresh_token"] };
  state = () => "a-state";
  clientInformation = () => this.registered;
  saveClientInformation = (registered) => void (this.registered = registered);
  tokens = () => this.granted;
  saveTokens = (granted) => void (this.granted = granted);
  codeVerifier = () => this.verifier;
  saveCodeVerifier = (verifier) => void (this.verifier = verifier);
  discoveryState = () => this.discovered;
  saveDiscoveryState = (discovered) => void (this.discovered = discovered);
  redirectToAuthorization = (link) => void (this.link = link);
  invalidateCredentials = (what) => void (what === "tokens" ? delete this.granted : what === "all" && (delete this.granted, delete this.registered));
}

const requests = [];
const traced = async (address, init = {}) => {
  const answer = await fetch(address, init);
  requests.push(`${init.method ?? "GET"} ${new URL(address).pathname} ${answer.status}`);
  return answer;
};

const account = new Account();
const { newClient, Transport } = await load(name);
const transport = () => new Transport(new URL(url), { authProvider: account, fetch: traced });

const first = transport();
await assert.rejects(newClient().connect(first), /Unauthorized/);
assert.equal(account.link.searchParams.get("resource"), url);
assert.equal(account.link.searchParams.get("client_id") === documentURL, !registers);
assert.ok(account.link.searchParams.get("scope")?.split(" ").includes(scope), `asked for ${account.link.searchParams.get("scope")}`);
const { query, page } = await new Browser().go(account.link);
assert.ok(query?.get("code"), page?.body ?? String(query));
assert.equal(query.get("state"), "a-state");
assert.equal(query.get("iss"), new URL(url).origin);
await (name === "sdk" ? first.finishAuth(query.get("code")) : first.finishAuth(query));

const client = newClient();
await client.connect(transport());
await use(client);
await client.close();
const { pathname } = new URL(url);
assert.deepEqual(requests.slice(0, registers ? 5 : 4), [
  `POST ${pathname} 401`, `GET /.well-known/oauth-protected-resource${pathname} 200`, "GET /.well-known/oauth-authorization-server 200", ...(registers ? ["POST /register 201"] : []), "POST /token 200",
]);

// An access token that is no longer good makes the client refresh by itself.
const before = account.granted;
const revoke = (token) => fetch(new URL("/revoke", url), { method: "POST", body: new URLSearchParams({ client_id: account.registered.client_id, token }) });
const call = (token) => Object.assign(new Client(), { resource: url }).call(token);
assert.equal(await call(before.access_token), 200);
assert.equal((await revoke(before.access_token)).status, 200);
assert.equal(await call(before.access_token), 401);
const again = newClient();
await again.connect(transport());
await use(again);
await again.close();
assert.notEqual(account.granted.access_token, before.access_token);
assert.notEqual(account.granted.refresh_token, before.refresh_token);

// A revoked grant makes it begin a new sign-in.
const last = account.granted;
assert.equal((await revoke(last.refresh_token)).status, 200);
assert.equal(await call(last.access_token), 401);
account.link = undefined;
await assert.rejects(newClient().connect(transport()), /Unauthorized/);
assert.ok(account.link, "no new sign-in is begun");
assert.equal(requests.filter((request) => request.startsWith("POST /register")).length, registers ? 1 : 0);
