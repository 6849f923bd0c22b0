// Judges the protected resource metadata at both of its places. Usage: metadata.mjs RESOURCE ISSUER SCOPE
import assert from "node:assert/strict";

const [resource, issuer, scope] = process.argv.slice(2);
const { origin, pathname } = new URL(resource);
for (const path of [pathname, ""]) {
  const answer = await fetch(`${origin}/.well-known/oauth-protected-resource${path}`);
  assert.equal(answer.status, 200);
  const { resource_name, ...document } = await answer.json();
  assert.deepEqual(document, { resource, authorization_servers: [issuer], scopes_supported: [scope], bearer_methods_supported: ["header"] });
}
