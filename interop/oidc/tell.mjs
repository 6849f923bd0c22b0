// Tells the provider to do something. Usage: tell.mjs ISSUER publish|retire, or tell.mjs ISSUER revoke TOKEN-FILE
import { readFileSync } from "node:fs";
import { post } from "./lib.mjs";

const [issuer, what, file] = process.argv.slice(2);
if (what === "revoke") await post(`${issuer}/token/revocation`, { client_id: "desktop", token: readFileSync(file, "utf8").trim() });
else await post(`${issuer}/control/${what}`, {});
