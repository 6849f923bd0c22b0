// The identity provider: npm oidc-provider, certified by the OpenID Foundation, on a free loopback port. Its only user signs in
// and consents to everything. Access tokens are opaque for resources below /opaque/, and JWTs for all others. It logs "listening"
// with its issuer. POST /control/publish makes it sign with new keys beside the old ones, /control/retire drops the old ones; /control/disable and
// /control/enable are for its user, /control/down and /control/up for the provider as a whole. OIDC_PROXIES names applications that sign users in on
// behalf of others: ID,ALGORITHM,REDIRECT-URI, separated by spaces.
import { generateKeyPair, randomBytes } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import { promisify } from "node:util";
import Provider from "oidc-provider";

const records = new Map(); // outlives a change of keys
const adapter = (model) => {
  const all = () => [...records].filter(([key]) => key.startsWith(`${model}:`)).map(([, record]) => record);
  return {
    upsert: async (id, record) => void records.set(`${model}:${id}`, record),
    find: async (id) => records.get(`${model}:${id}`),
    findByUid: async (uid) => all().find((record) => record.uid === uid),
    findByUserCode: async () => undefined,
    consume: async (id) => void (records.get(`${model}:${id}`).consumed = Math.floor(Date.now() / 1000)),
    destroy: async (id) => void records.delete(`${model}:${id}`),
    revokeByGrantId: async (grant) => records.forEach((record, key) => record.grantId === grant && records.delete(key)),
  };
};

const service = { client_secret: process.env.OIDC_SECRET, redirect_uris: [], response_types: [] };
const clients = [
  { ...service, client_id: "service", grant_types: ["client_credentials"], scope: "zscaler:read" },
  { ...service, client_id: "service-es256", grant_types: ["client_credentials"], scope: "zscaler:read", id_token_signed_response_alg: "ES256" },
  { ...service, client_id: "other-scope", grant_types: ["client_credentials"], scope: "zscaler:other" },
  { ...service, client_id: "introspector", grant_types: [] },
  ...(process.env.OIDC_PROXIES ?? "").split(" ").filter(Boolean).map((text) => text.split(",")).map(([client_id, alg, redirect]) => ({
    client_id, client_secret: process.env.OIDC_SECRET, redirect_uris: [redirect], grant_types: ["authorization_code", "refresh_token"], id_token_signed_response_alg: alg,
  })),
  { client_id: "desktop", application_type: "native", token_endpoint_auth_method: "none", redirect_uris: ["http://127.0.0.1/callback"] },
];

const scopes = ["zscaler:read", "zscaler:other"];
const resourceIndicators = {
  enabled: true,
  getResourceServerInfo: (_, resource, client) => ({
    audience: resource, scope: scopes.join(" "), accessTokenTTL: 600,
    accessTokenFormat: new URL(resource).pathname.startsWith("/opaque/") ? "opaque" : "jwt",
    jwt: { sign: { alg: client.idTokenSignedResponseAlg } }, // the one registered algorithm stands for both kinds of tokens
  }),
};

let disabled = false, down = false;

const server = http.createServer((req, res) => {
  const [, first, second] = req.url.split("/");
  if (down && first !== "control") return void res.writeHead(503).end();
  const answer = { "sign-in": signIn, control: (_, res) => control(second, res) }[first] ?? handle;
  answer(req, res)?.catch?.((err) => {
    console.error(err.message);
    res.writeHead(500).end();
  });
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;
const cookieKey = randomBytes(32).toString("hex");
let keys, provider, handle;

// serve makes a provider that signs with the first key for each algorithm, and publishes all.
function serve(all) {
  keys = all;
  provider = new Provider(issuer, {
    adapter, clients, jwks: { keys },
    cookies: { keys: [cookieKey] },
    scopes: ["openid", "offline_access", ...scopes],
    rotateRefreshToken: true, // by default it would not for these applications so early
    issueRefreshToken: async (_, client) => client.grantTypeAllowed("refresh_token"),
    findAccount: async (_, accountId) => disabled ? undefined : ({ accountId, claims: async () => ({ sub: accountId }) }),
    interactions: { url: (_, interaction) => `/sign-in/${interaction.uid}` },
    pkce: { required: () => true },
    features: {
      resourceIndicators,
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      introspection: { enabled: true },
      registration: { enabled: true },
      revocation: { enabled: true },
    },
  });
  handle = provider.callback();
}

const pair = promisify(generateKeyPair);
async function newKeys() {
  const pairs = [await pair("rsa", { modulusLength: 2048 }), await pair("ec", { namedCurve: "P-256" })];
  return pairs.map(({ privateKey }) => privateKey.export({ format: "jwk" }));
}

// signIn is the page on which the user would sign in and consent.
async function signIn(req, res) {
  const { params } = await provider.interactionDetails(req, res);
  const grant = new provider.Grant({ accountId: "alice", clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  if (params.resource) grant.addResourceScope(params.resource, params.scope);
  await provider.interactionFinished(req, res, { login: { accountId: "alice" }, consent: { grantId: await grant.save() } });
}

async function control(action, res) {
  if (action === "publish") serve([...await newKeys(), ...keys]);
  if (action === "retire") serve(keys.slice(0, 2));
  if (action === "disable" || action === "enable") disabled = action === "disable";
  if (action === "down" || action === "up") down = action === "down";
  res.end();
}

serve(await newKeys());
console.error(JSON.stringify({ msg: "listening", url: issuer }));
