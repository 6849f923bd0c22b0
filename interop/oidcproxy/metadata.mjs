// Judges the metadata at every place where clients look. Usage: metadata.mjs URL SCOPE
import assert from "node:assert/strict";

const [url, scope] = process.argv.slice(2);
const { origin, pathname } = new URL(url);
for (const path of [`/.well-known/oauth-protected-resource${pathname}`, "/.well-known/oauth-protected-resource"]) {
  const answer = await fetch(origin + path, { headers: { Origin: "http://localhost:6274" } });
  const { resource, authorization_servers, scopes_supported } = await answer.json();
  assert.deepEqual({ resource, authorization_servers, scopes_supported }, { resource: url, authorization_servers: [origin], scopes_supported: [scope] });
  assert.equal(answer.headers.get("Access-Control-Allow-Origin"), "*");
}
for (const path of ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"]) {
  const metadata = await (await fetch(origin + path)).json();
  assert.equal(metadata.issuer, origin);
  assert.deepEqual(metadata.code_challenge_methods_supported, ["S256"]);
  assert.equal(metadata.authorization_response_iss_parameter_supported, true);
}
const guessed = await fetch(`${origin}/.well-known/oauth-authorization-server${pathname}`);
assert.equal(guessed.status, 404);
assert.match(guessed.headers.get("Content-Type"), /json/);
