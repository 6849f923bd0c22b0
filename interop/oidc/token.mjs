// Prints a token. Usage: token.mjs ISSUER CLIENT RESOURCE SCOPE, where CLIENT is a service, user, id or id-nonce: the access token of the
// provider's user, or the ID token, with or without a nonce.
import { service, user } from "./lib.mjs";

const [issuer, client, resource, scope] = process.argv.slice(2);
const nonce = client === "id-nonce" ? { nonce: "a-nonce" } : {};
switch (client) {
  case "user":
    console.log((await user(issuer, resource, scope)).access_token);
    break;
  case "id":
  case "id-nonce":
    console.log((await user(issuer, resource, `openid ${scope}`, nonce)).id_token);
    break;
  default:
    console.log(await service(issuer, client, resource, scope));
}
