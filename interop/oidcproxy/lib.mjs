// A browser and a client by hand, against the product as an authorization server.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { appendFileSync } from "node:fs";

export const callback = "http://127.0.0.1/callback"; // of the client: nobody listens there

// seen notes what may be in no log.
export const seen = (...secrets) => process.env.OIDCPROXY_SECRETS && appendFileSync(process.env.OIDCPROXY_SECRETS, secrets.filter(Boolean).map((secret) => `${secret}\n`).join(""));

// Browser keeps the cookies of each origin, follows redirects and pages that move on, and stops at the client's callback.
export class Browser {
  cookies = new Map();

  async fetch(url, init = {}) {
    const { origin } = new URL(url), own = this.cookies.get(origin) ?? new Map();
    const headers = { Accept: "text/html", Cookie: [...own].map((pair) => pair.join("=")).join("; "), ...init.headers };
    const answer = await fetch(url, { redirect: "manual", ...init, headers });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = cookie.split(";")[0].match(/^([^=]*)=(.*)$/);
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(cookie)) own.delete(name);
      else own.set(name, value);
    }
    this.cookies.set(origin, own);
    return { status: answer.status, headers: answer.headers, body: await answer.text(), url: String(url) };
  }

  // go returns the parameters of the client's callback, or the page at which there is no way on. stop ends the way before an address is opened.
  async go(url, { action = "approve", stop = () => false } = {}) {
    for (let hops = 0; hops < 15; hops++) {
      if (String(url).startsWith(callback)) return { query: new URL(url).searchParams };
      if (stop(new URL(url))) return { stopped: String(url) };
      let page = await this.fetch(url);
      if (page.body.includes("<form")) page = await this.submit(page, action);
      const next = page.headers.get("location") ?? unescape(page.body.match(/http-equiv="refresh" content="0; url=([^"]*)"/)?.[1]);
      if (!next) return { page };
      url = new URL(next, page.url);
      seen(url.searchParams.get("code"));
    }
    throw new Error("too many redirects");
  }

  // submit posts the form of a page with all its hidden fields.
  submit(page, action, headers = {}) {
    const form = new URLSearchParams([...page.body.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(([, name, value]) => [name, unescape(value)]));
    form.set("action", action);
    const target = new URL(unescape(page.body.match(/<form method="post" action="([^"]*)"/)[1]), page.url);
    return this.fetch(target, { method: "POST", body: form, headers: { Origin: target.origin, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate", ...headers } });
  }
}

const unescape = (text) => text?.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code)).replaceAll("&#43;", "+").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");

// Client is a public client that has registered itself, or has a metadata document.
export class Client {
  redirect = callback;

  static async register(origin, resource) {
    const answer = await fetch(`${origin}/register`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ client_name: "interop", redirect_uris: [callback] }) });
    assert.equal(answer.status, 201);
    return Client.known(origin, resource, (await answer.json()).client_id);
  }

  static known(origin, resource, id) {
    return Object.assign(new Client(), { origin, resource, id, verifier: randomBytes(32).toString("base64url") });
  }

  get link() {
    const code_challenge = createHash("sha256").update(this.verifier).digest("base64url");
    return `${this.origin}/authorize?${new URLSearchParams({ response_type: "code", client_id: this.id, redirect_uri: this.redirect, state: "a-state", resource: this.resource, code_challenge, code_challenge_method: "S256" })}`;
  }

  async post(path, form) {
    const answer = await fetch(`${this.origin}${path}`, { method: "POST", body: new URLSearchParams({ client_id: this.id, ...form }) });
    const text = await answer.text();
    const body = text ? JSON.parse(text) : {};
    seen(body.access_token, body.refresh_token);
    return { status: answer.status, ...body };
  }

  redeem(code) {
    return this.post("/token", { grant_type: "authorization_code", code, redirect_uri: this.redirect, code_verifier: this.verifier });
  }

  refresh(refresh_token) {
    return this.post("/token", { grant_type: "refresh_token", refresh_token });
  }

  // call returns the status of a request of the endpoint.
  async call(token) {
    const version = "2026-07-28", _meta = { "io.modelcontextprotocol/protocolVersion": version, "io.modelcontextprotocol/clientCapabilities": {} };
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json", Accept: "application/json, text/event-stream", "Mcp-Method": "tools/list", "Mcp-Protocol-Version": version };
    const answer = await fetch(this.resource, { method: "POST", headers, body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: { _meta } }) });
    await answer.arrayBuffer();
    return answer.status;
  }
}

export const tell = (provider, word) => fetch(`${provider}/control/${word}`, { method: "POST" });
