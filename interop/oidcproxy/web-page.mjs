// The script of a page that is an MCP client: the browser itself calls the endpoint, signs in and comes back. web-site.mjs bundles it. The page's path
// names the client. Its fetch writes down what the page can read of the answers.
import { Client as Modern, StreamableHTTPClientTransport as ModernTransport } from "@modelcontextprotocol/client";
import { Client as Sdk } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as SdkTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const name = location.pathname.slice(1), info = { name: "interop", version: "1" };
const newClient = {
  sdk: () => new Sdk(info),
  "client-legacy": () => new Modern(info, { versionNegotiation: { mode: "legacy" } }),
  "client-modern": () => new Modern(info, { versionNegotiation: { mode: { pin: "2026-07-28" } } }),
}[name];
const Transport = name === "sdk" ? SdkTransport : ModernTransport;

const kept = JSON.parse(sessionStorage.getItem("kept") ?? '{"requests":[]}'); // while the browser is elsewhere
function keep(some) {
  sessionStorage.setItem("kept", JSON.stringify(Object.assign(kept, some)));
}

let leaves = false;
const account = {
  redirectUrl: location.origin + location.pathname,
  clientMetadata: { client_name: "interop", redirect_uris: [location.origin + location.pathname], token_endpoint_auth_method: "none", grant_types: ["authorization_code", "refresh_token"] },
  state: () => (keep({ state: crypto.randomUUID() }), kept.state),
  clientInformation: () => kept.registered,
  saveClientInformation: (registered) => keep({ registered }),
  tokens: () => kept.granted,
  saveTokens: (granted) => keep({ granted }),
  codeVerifier: () => kept.verifier,
  saveCodeVerifier: (verifier) => keep({ verifier }),
  discoveryState: () => kept.discovered,
  saveDiscoveryState: (discovered) => keep({ discovered }),
  redirectToAuthorization: (link) => {
    leaves = true;
    location.assign(link);
  },
};

let opened;
const stream = new Promise((done) => (opened = done)); // of the endpoint, beside the calls

async function traced(address, init = {}) {
  const request = `${init.method ?? "GET"} ${new URL(address).pathname}`;
  try {
    const answer = await fetch(address, init);
    if (request === `GET ${new URL(kept.url).pathname}`) opened();
    keep({ requests: [...kept.requests, [`${request} ${answer.status}`, Object.fromEntries(answer.headers)]] });
    return answer;
  } catch (err) {
    keep({ requests: [...kept.requests, [`${request} ${err.name}`, {}]] });
    throw err;
  }
}

// use lists the tools, calls one and ends the session, after the sign-in if the browser comes back from it.
async function use() {
  const client = newClient(), transport = new Transport(new URL(kept.url), { authProvider: account, fetch: traced });
  const answer = new URLSearchParams(location.search);
  if (answer.has("state")) {
    history.replaceState(null, "", location.pathname);
    if (answer.get("state") !== kept.state) throw new Error("another state");
    await transport.finishAuth(name === "sdk" ? answer.get("code") : answer);
  }
  await client.connect(transport);
  const { tools } = await client.listTools();
  const { structuredContent } = await client.callTool({ name: "zpa_list_segment_groups", arguments: { query: "[].name" } });
  if (transport.sessionId) {
    await stream; // the client opens it by itself
    await transport.terminateSession();
  }
  await client.close();
  return { tools: tools.map((tool) => tool.name), names: structuredContent.result };
}

// show runs use and shows what has become of it, unless the browser leaves for the sign-in.
async function show() {
  const shown = await use().catch((err) => ({ error: String(err) }));
  if (!leaves) document.querySelector("output").textContent = JSON.stringify(shown);
}

document.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  keep({ url: document.querySelector("input").value });
  show();
});
if (location.search) show();
