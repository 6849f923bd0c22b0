// Lists and calls tools with a fixed token. Usage: call.mjs CLIENT URL TOKEN-FILE
import { readFileSync } from "node:fs";
import { load, use } from "./lib.mjs";

const [name, url, file] = process.argv.slice(2);
const { newClient, Transport } = await load(name);
const client = newClient();
const headers = { Authorization: `Bearer ${readFileSync(file, "utf8").trim()}` };
await client.connect(new Transport(new URL(url), { requestInit: { headers } }));
await use(client);
await client.close();
