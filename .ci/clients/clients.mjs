// Drives every KV operation of Cloudflare's own clients, the npm package `cloudflare` and wrangler,
// against the API at CLOUDFLARE_API_BASE_URL. Exits non-zero at the first difference.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import Cloudflare, { toFile } from "cloudflare";

const baseURL = process.env.CLOUDFLARE_API_BASE_URL;
assert.ok(baseURL, "CLOUDFLARE_API_BASE_URL must name the API to drive");
const account_id = process.env.CLOUDFLARE_ACCOUNT_ID ?? "0123456789abcdef0123456789abcdef";
const apiToken = process.env.CLOUDFLARE_API_TOKEN ?? "a-token";

const here = dirname(fileURLToPath(import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "satchel-clients-"));
const awkward = ["a/b/c", "with space", "100%", "plus+plus", "ключ/日本", "q?x=1&y#z"];
const binary = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 31) % 256));
const passed = [];

async function step(name, action) {
  try {
    await action();
    passed.push(name);
  } catch (failure) {
    console.error(`failed: ${name}`);
    throw failure;
  }
}

async function cloudflareClient() {
  const kv = new Cloudflare({ apiToken, baseURL, maxRetries: 0 }).kv.namespaces;
  let namespace_id;
  const params = () => ({ account_id, namespace_id });
  const all = async (pages) => {
    const items = [];
    for await (const item of pages) items.push(item);
    return items;
  };
  const bytes = async (response) => Buffer.from(await (await response).arrayBuffer());

  await step("cloudflare: namespaces.create, list, get, update", async () => {
    const created = await kv.create({ account_id, title: "from the client" });
    namespace_id = created.id;
    assert.equal(created.title, "from the client");
    await assert.rejects(kv.create({ account_id, title: "from the client" }), (error) =>
      error.status === 400 && error.errors[0].code === 10014);
    const listed = await all(kv.list({ account_id, per_page: 1 }));
    assert.ok(listed.some((one) => one.id === namespace_id));
    assert.equal((await kv.update(namespace_id, { account_id, title: "renamed" })).title, "renamed");
    assert.equal((await kv.get(namespace_id, { account_id })).title, "renamed");
  });
  await step("cloudflare: values.update, get, delete", async () => {
    await kv.values.update("text", { ...params(), value: "a value" });
    assert.equal(await (await kv.values.get("text", params())).text(), "a value");
    for (const key of awkward) {
      await kv.values.update(key, { ...params(), value: `under ${key}` });
      assert.equal(await (await kv.values.get(key, params())).text(), `under ${key}`);
    }
    await kv.values.update("binary", {
      ...params(),
      value: await toFile(binary, "value"),
      metadata: JSON.stringify({ revision: 7 }),
    });
    assert.deepEqual(await bytes(kv.values.get("binary", params())), binary);
    assert.deepEqual(await kv.metadata.get("binary", params()), { revision: 7 });
    await kv.values.update("binary", { ...params(), value: "plain" });
    assert.equal(await kv.metadata.get("binary", params()), null);
    await kv.values.delete("text", params());
    await kv.values.delete("text", params());
    await assert.rejects(async () => kv.values.get("text", params()), (error) => error.status === 404);
  });
  await step("cloudflare: expiration", async () => {
    await kv.values.update("soon", { ...params(), value: "x", expiration_ttl: 60 });
    const response = await kv.values.get("soon", params());
    assert.ok(Number(response.headers.get("expiration")) > Date.now() / 1000);
    await assert.rejects(
      async () => kv.values.update("sooner", { ...params(), value: "x", expiration_ttl: 59 }),
      (error) => error.status === 400);
  });
  await step("cloudflare: keys.list, and all its pages", async () => {
    const names = Array.from({ length: 25 }, (_, i) => `page/${String(i).padStart(2, "0")}`);
    await kv.bulkUpdate(namespace_id, {
      account_id,
      body: names.map((key) => ({ key, value: "v", metadata: { key } })),
    });
    const listed = await all(kv.keys.list(namespace_id, { account_id, prefix: "page/", limit: 10 }));
    assert.deepEqual(listed.map((one) => one.name), names);
    assert.deepEqual(listed[3].metadata, { key: names[3] });
  });
  await step("cloudflare: bulkUpdate, bulkGet, bulkDelete", async () => {
    const written = await kv.bulkUpdate(namespace_id, {
      account_id,
      body: [
        { key: "bulk/1", value: '{"a":1}', metadata: { m: 1 } },
        { key: "bulk/2", value: binary.toString("base64"), base64: true, expiration_ttl: 600 },
      ],
    });
    assert.equal(written.successful_key_count, 2);
    assert.deepEqual(await bytes(kv.values.get("bulk/2", params())), binary);
    const found = await kv.bulkGet(namespace_id, { account_id, keys: ["bulk/1", "none"], type: "json" });
    assert.deepEqual(found.values, { "bulk/1": { a: 1 }, none: null });
    const full = await kv.bulkGet(namespace_id, { account_id, keys: ["bulk/1"], withMetadata: true });
    assert.deepEqual(full.values["bulk/1"], { value: '{"a":1}', metadata: { m: 1 } });
    const deleted = await kv.bulkDelete(namespace_id, { account_id, body: ["bulk/1", "bulk/2"] });
    assert.equal(deleted.successful_key_count, 2);
    assert.deepEqual(await all(kv.keys.list(namespace_id, { account_id, prefix: "bulk/" })), []);
  });
  await step("cloudflare: namespaces.delete", async () => {
    await kv.delete(namespace_id, { account_id });
    await assert.rejects(async () => kv.get(namespace_id, { account_id }), (error) =>
      error.status === 404 && error.errors[0].code === 10013);
  });
}

/** Runs `wrangler kv …` and answers what it prints, as bytes. */
function wrangler(...words) {
  const script = join(here, "node_modules", "wrangler", "bin", "wrangler.js");
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [script, "kv", ...words], {
      cwd: folder,
      encoding: "buffer",
      timeout: 60_000,
      env: {
        ...process.env,
        CLOUDFLARE_API_BASE_URL: baseURL,
        CLOUDFLARE_API_TOKEN: apiToken,
        CLOUDFLARE_ACCOUNT_ID: account_id,
        WRANGLER_SEND_METRICS: "false",
        WRANGLER_LOG_PATH: folder,
        NO_COLOR: "1",
        CI: "1",
      },
    }, (failure, stdout, stderr) => failure
      ? reject(new Error(`wrangler kv ${words.join(" ")}: ${failure.message}\n${stdout}\n${stderr}`))
      : resolve(stdout));
  });
}

async function wranglerClient() {
  const list = async () => JSON.parse(await wrangler("namespace", "list"));
  const title = "from-wrangler";
  let id;
  const where = () => ["--namespace-id", id, "--remote"];

  await step("wrangler: namespace create, list, rename", async () => {
    await wrangler("namespace", "create", title);
    id = (await list()).find((one) => one.title === title).id;
    await wrangler("namespace", "rename", "--namespace-id", id, "--new-name", "renamed-by-wrangler");
    assert.ok((await list()).some((one) => one.id === id && one.title === "renamed-by-wrangler"));
  });
  await step("wrangler: key put, get, list, delete", async () => {
    await wrangler("key", "put", "a/b c+ü", "a value", ...where(),
      "--metadata", '{"revision":7}', "--ttl", "3600");
    assert.equal((await wrangler("key", "get", "a/b c+ü", ...where(), "--text")).toString().trim(), "a value");
    await writeFile(join(folder, "binary"), binary);
    await wrangler("key", "put", "binary", "--path", "binary", ...where());
    assert.deepEqual(await wrangler("key", "get", "binary", ...where()), binary);
    const keys = JSON.parse(await wrangler("key", "list", ...where()));
    assert.deepEqual(keys.map((one) => one.name), ["a/b c+ü", "binary"]);
    assert.deepEqual(keys[0].metadata, { revision: 7 });
    assert.ok(keys[0].expiration > Date.now() / 1000);
    await wrangler("key", "delete", "binary", ...where());
    assert.equal(JSON.parse(await wrangler("key", "list", ...where())).length, 1);
  });
  await step("wrangler: bulk put, get, delete", async () => {
    // more than two of the batches it cuts a file into
    const pairs = Array.from({ length: 2_100 }, (_, i) => ({ key: `k${i}`, value: `v${i}` }));
    await writeFile(join(folder, "pairs.json"), JSON.stringify(pairs));
    await wrangler("bulk", "put", "pairs.json", ...where());
    const keys = JSON.parse(await wrangler("key", "list", ...where(), "--prefix", "k"));
    assert.equal(keys.length, pairs.length);
    await writeFile(join(folder, "some.json"), JSON.stringify(["k1", "k2099", "none"]));
    const found = (await wrangler("bulk", "get", "some.json", ...where())).toString();
    const json = JSON.parse(found.slice(found.indexOf("{"), found.lastIndexOf("}") + 1));
    assert.equal(json.k1?.value ?? json.k1, "v1");
    assert.equal(json.k2099?.value ?? json.k2099, "v2099");
    await writeFile(join(folder, "names.json"), JSON.stringify(pairs.map((pair) => pair.key)));
    await wrangler("bulk", "delete", "names.json", "--force", ...where());
    assert.deepEqual(JSON.parse(await wrangler("key", "list", ...where(), "--prefix", "k")), []);
  });
  await step("wrangler: namespace delete", async () => {
    await wrangler("namespace", "delete", "--namespace-id", id, "--skip-confirmation");
    assert.ok(!(await list()).some((one) => one.id === id));
  });
}

try {
  await cloudflareClient();
  await wranglerClient();
  console.log(`passed:\n  ${passed.join("\n  ")}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
