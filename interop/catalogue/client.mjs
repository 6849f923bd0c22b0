// A client whose human agrees to every deletion and counts the questions.
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { modern } from "../oidc/lib.mjs";

const info = { name: "interop", version: "1" };

// connect returns the client, by the name of one of the official ones (see ../oidc/lib.mjs), and the questions that it was asked.
// place is the URL of a server, whose key is in the environment, or the words of the command of one that speaks stdio.
export async function connect(name, place) {
  const { Client, Stdio, Streamable } = await libraries(name);
  const capabilities = { elicitation: {} }, mode = { "client-legacy": "legacy", "client-modern": { pin: modern } }[name];
  const client = new Client(info, { capabilities, versionNegotiation: { mode } });
  const questions = [];
  client.setRequestHandler(name === "sdk" ? ElicitRequestSchema : "elicitation/create", async ({ params }) => {
    questions.push(params.message);
    return { action: "accept", content: { confirm: true } };
  });
  await client.connect(place.length === 1 ? overHTTP(Streamable, place[0]) : overStdio(Stdio, place));
  return { client, questions };
}

function overHTTP(Transport, url) {
  return new Transport(new URL(url), { requestInit: { headers: { Authorization: `Bearer ${process.env.ZSCALER_MCP_AUTH_API_KEY}` } } });
}

function overStdio(Transport, [command, ...args]) {
  return new Transport({ command, args, env: { HOME: process.env.HOME }, stderr: "ignore" });
}

async function libraries(name) {
  if (name !== "sdk") {
    const [{ Client, StreamableHTTPClientTransport: Streamable }, { StdioClientTransport: Stdio }] = await Promise.all([
      import("@modelcontextprotocol/client"), import("@modelcontextprotocol/client/stdio"),
    ]);
    return { Client, Stdio, Streamable };
  }
  const [{ Client }, { StreamableHTTPClientTransport: Streamable }, { StdioClientTransport: Stdio }] = await Promise.all([
    import("@modelcontextprotocol/sdk/client/index.js"), import("@modelcontextprotocol/sdk/client/streamableHttp.js"),
    import("@modelcontextprotocol/sdk/client/stdio.js"),
  ]);
  return { Client, Stdio, Streamable };
}

// everything returns all that a method lists, page by page.
export async function everything(client, method, member) {
  const all = [];
  for (let cursor; ;) {
    const page = await client[method](cursor ? { cursor } : undefined);
    all.push(...page[member]);
    if (!(cursor = page.nextCursor)) return all;
  }
}
