// What the scripts beside this share.
import { createHash, randomBytes } from "node:crypto";

const info = { name: "interop", version: "1" };
export const callback = "http://127.0.0.1/callback"; // where the browser stops: nobody listens there
export const modern = "2026-07-28";

process.on("uncaughtException", (err) => {
  console.error(err.stack);
  process.exit(1);
});

// load returns the Client and its transport by the name of a real client and, for one that has two, the era that it is to speak.
export async function load(name) {
  if (name === "sdk") {
    const [{ Client }, { StreamableHTTPClientTransport: Transport }] = await Promise.all([
      import("@modelcontextprotocol/sdk/client/index.js"), import("@modelcontextprotocol/sdk/client/streamableHttp.js"),
    ]);
    return { newClient: () => new Client(info), Transport };
  }
  const { Client, StreamableHTTPClientTransport: Transport } = await import("@modelcontextprotocol/client");
  const mode = { "client-legacy": "legacy", "client-modern": { pin: modern } }[name];
  return { newClient: () => new Client(info, { versionNegotiation: { mode } }), Transport };
}

// use lists the tools and calls one.
export async function use(client) {
  const { tools } = await client.listTools();
  if (!tools.length) throw new Error("no tools are listed");
  await callTool(client);
}

export async function callTool(client) {
  const answer = await client.callTool({ name: "zpa_list_segment_groups", arguments: { query: "[].name" } });
  const names = answer.structuredContent?.result;
  if (!names?.length || !names.every((name) => typeof name === "string")) throw new Error("the tool's answer has no names");
}

// browse follows a link as a browser does, as far as the callback.
export async function browse(link) {
  const cookies = new Map();
  for (let url = new URL(link), hops = 0; hops < 10; hops++) {
    const answer = await fetch(url, { redirect: "manual", headers: { Cookie: [...cookies].map((pair) => pair.join("=")).join("; ") } });
    for (const cookie of answer.headers.getSetCookie()) cookies.set(...cookie.split(";")[0].split(/=(.*)/s, 2));
    if (!answer.headers.has("Location")) throw new Error(`${url.pathname} answered ${answer.status} in place of a redirect`);
    url = new URL(answer.headers.get("Location"), url);
    if (url.href.startsWith(callback)) return url.searchParams;
  }
  throw new Error("too many redirects");
}

// service returns an access token that one of the provider's services gets for itself.
export async function service(issuer, client, resource, scope) {
  const { access_token } = await post(`${issuer}/token`, { grant_type: "client_credentials", resource, scope }, client);
  return access_token;
}

// user returns the tokens that the provider's user gets in a client without secret.
export async function user(issuer, resource, scope, others) {
  const verifier = randomBytes(32).toString("base64url");
  const own = { client_id: "desktop", redirect_uri: callback, resource };
  const code_challenge = createHash("sha256").update(verifier).digest("base64url");
  const request = new URLSearchParams({ ...own, ...others, response_type: "code", scope, code_challenge, code_challenge_method: "S256" });
  const answer = await browse(`${issuer}/auth?${request}`);
  if (!answer.has("code")) throw new Error(`the provider answered ${answer.get("error")}: ${answer.get("error_description")}`);
  return post(`${issuer}/token`, { ...own, grant_type: "authorization_code", code: answer.get("code"), code_verifier: verifier });
}

// post sends a form to the provider, with the services' secret if client is one of them.
export async function post(url, form, client) {
  const pair = Buffer.from(`${client}:${encodeURIComponent(process.env.OIDC_SECRET)}`).toString("base64");
  const headers = client ? { Authorization: `Basic ${pair}` } : {};
  const answer = await fetch(url, { method: "POST", headers, body: new URLSearchParams(form) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${new URL(url).pathname} answered ${answer.status}: ${text}`);
  return text && JSON.parse(text);
}
