// Signs in with a real client that knows the MCP URL and nothing else, and lists and calls tools. Usage: sign-in.mjs CLIENT URL SCOPE jwt|opaque
import assert from "node:assert/strict";
import { browse, callback, load, use } from "./lib.mjs";

const [name, url, scope, format] = process.argv.slice(2);

// Account is what a host of the client keeps.
class Account {
  redirectUrl = callback;
  clientMetadata = {
    client_name: "interop", redirect_uris: [callback], token_endpoint_auth_method: "none", grant_types: ["authorization_code", "refresh_token"],
  };
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
}

const requests = [];
let exchange; // the form at the token endpoint
const traced = async (address, init = {}) => {
  const { pathname } = new URL(address), answer = await fetch(address, init);
  requests.push(`${init.method ?? "GET"} ${pathname} ${answer.status}`);
  if (pathname === "/token") exchange = new URLSearchParams(init.body);
  return answer;
};

const account = new Account();
const { newClient, Transport } = await load(name);
const transport = () => new Transport(new URL(url), { authProvider: account, fetch: traced });

const first = transport();
await assert.rejects(newClient().connect(first), /Unauthorized/);
const asked = account.link.searchParams;
assert.equal(asked.get("resource"), url);
assert.equal(asked.get("code_challenge_method"), "S256");
assert.ok(asked.get("scope")?.split(" ").includes(scope), `asked for ${asked.get("scope")}`);

const answer = await browse(account.link);
assert.equal(answer.get("state"), "a-state");
await (name === "sdk" ? first.finishAuth(answer.get("code")) : first.finishAuth(answer));
assert.equal(exchange.get("resource"), url);
assert.ok(exchange.get("code_verifier"));
assert.equal(account.granted.access_token.split(".").length, format === "jwt" ? 3 : 1, `the token is not ${format}`);

const client = newClient();
await client.connect(transport());
await use(client);
await client.close();

const { pathname } = new URL(url);
assert.deepEqual(requests.slice(0, 6), [
  `POST ${pathname} 401`, `GET /.well-known/oauth-protected-resource${pathname} 200`, "GET /.well-known/oauth-authorization-server 200",
  "POST /reg 201", "POST /token 200", `POST ${pathname} 200`,
]);
