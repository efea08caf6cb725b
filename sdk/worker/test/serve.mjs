// Runs src/worker.js of the working directory in workerd, over a namespace under the name BINDING
// that holds what the KV API at CLOUDFLARE_API_BASE_URL holds now. VARS are the Worker's variables,
// as JSON. Prints the Worker's address; for each line on standard input it copies the pairs again
// and prints "copied". Ends with standard input.
import { Miniflare } from "miniflare";
import { createInterface } from "node:readline";

const namespace =
  `${process.env.CLOUDFLARE_API_BASE_URL}/accounts/${process.env.CLOUDFLARE_ACCOUNT_ID}` +
  `/storage/kv/namespaces/${process.env.CLOUDFLARE_WORKERS_KV_NAMESPACE_ID}`;
const { BINDING, VARS } = process.env;
const headers = { Authorization: `Bearer ${process.env.CLOUDFLARE_API_TOKEN}` };

const miniflare = new Miniflare({
  modules: true,
  scriptPath: "src/worker.js",
  compatibilityDate: "2026-04-01",
  kvNamespaces: [BINDING],
  bindings: JSON.parse(VARS),
});

async function copy() {
  const binding = await miniflare.getKVNamespace(BINDING);
  for (const { name } of (await binding.list()).keys) {
    await binding.delete(name);
  }
  const { result } = await (await fetch(`${namespace}/keys`, { headers })).json();
  for (const { name, metadata } of result) {
    const value = await fetch(`${namespace}/values/${encodeURIComponent(name)}`, { headers });
    await binding.put(name, await value.arrayBuffer(), { metadata });
  }
}

await copy();
console.log((await miniflare.ready).href);
for await (const _ of createInterface({ input: process.stdin })) {
  await copy();
  console.log("copied");
}
await miniflare.dispose();
