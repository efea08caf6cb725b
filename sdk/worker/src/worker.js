// @ts-check
/**
 * Serves snapshots from Workers KV: GET and HEAD of /KEY and of its patches, /KEY@REVISION.patch.
 * Stores nothing, and reads no key that the variable KEYS does not name.
 *
 * @typedef {object} Env
 * @property {KVNamespace} SNAPSHOTS the namespace that the publisher writes
 * @property {string} KEYS the keys that may be read, with commas between them
 * @property {string} [TOKEN] what readers have to send as a bearer token; absent or empty for none
 *
 * @typedef {object} Metadata what the publisher stores with a value or a patch
 * @property {number} [revision] of a value
 * @property {number} [to] the revision to which a patch leads
 * @property {string} sha256 64 hexadecimal digits
 * @property {number} bytes
 * @property {string} [publishedAt] ISO 8601
 * @property {Patch} [patch] the patch to a value from the one before
 *
 * @typedef {object} Patch
 * @property {number} from the revision it is from
 * @property {number} bytes
 * @property {string} sha256 64 hexadecimal digits
 */

/** KV answers from a cache of its own for at least this time. */
const KV_CACHE_SECONDS = 30;
/** How long a cache before the Worker may answer without asking it. */
const FRESH_SECONDS = 10;
/** How long that cache may answer with an old value while the Worker fails. */
const STALE_SECONDS = 86_400;
/** A patch never changes. */
const PATCH_SECONDS = 86_400;

const PATCH = /^(.+)@[0-9]{1,19}\.patch$/;

export default {
  /**
   * @param {Request} request
   * @param {Env} env
   * @returns {Promise<Response>}
   */
  async fetch(request, env) {
    if (request.method !== "GET" && request.method !== "HEAD") {
      return refusal(405, "expected GET or HEAD", { Allow: "GET, HEAD" });
    }
    if (env.TOKEN && !(await isBearer(request.headers.get("Authorization"), env.TOKEN))) {
      return refusal(401, "expected the bearer token", { "WWW-Authenticate": "Bearer" });
    }
    const key = keyOf(request.url);
    const patch = PATCH.exec(key);
    if (!env.KEYS.split(",").some((name) => name.trim() === (patch ? patch[1] : key))) {
      return refusal(404, "expected the path of a key that this Worker serves");
    }
    const seconds = patch ? PATCH_SECONDS : KV_CACHE_SECONDS;
    const { value, metadata } = await env.SNAPSHOTS.getWithMetadata(key, {
      type: "stream",
      cacheTtl: seconds,
    });
    if (value === null) {
      return refusal(404, "nothing is published under this key");
    }
    if (!isMetadata(metadata)) {
      await value.cancel();
      return refusal(502, "expected the metadata of a snapshot under this key but found others");
    }
    const headers = headersOf(metadata, Boolean(patch), Boolean(env.TOKEN));
    if (isKnown(request.headers.get("If-None-Match"), metadata.sha256)) {
      await value.cancel();
      return new Response(null, { status: 304, headers });
    }
    headers.set("Content-Length", String(metadata.bytes));
    if (request.method === "HEAD") {
      await value.cancel();
      return new Response(null, { headers });
    }
    // the runtime cuts the connection if the value is longer or shorter than its metadata says
    const { readable, writable } = new FixedLengthStream(metadata.bytes);
    value.pipeTo(writable).catch(() => {});
    return new Response(readable, { headers, encodeBody: "manual" });
  },
};

/**
 * @param {string} url
 * @returns {string} the key, or an empty text if the path names none
 */
function keyOf(url) {
  try {
    return decodeURIComponent(new URL(url).pathname.slice(1));
  } catch {
    return "";
  }
}

/**
 * @param {Metadata} metadata
 * @param {boolean} isPatch
 * @param {boolean} isPrivate whether caches that several clients share must not keep the answer
 */
function headersOf(metadata, isPatch, isPrivate) {
  const scope = isPrivate ? "private" : "public";
  const headers = new Headers({
    "Content-Type": "application/octet-stream",
    ETag: `"${metadata.sha256}"`,
    "Satchel-Revision": String(metadata.revision ?? metadata.to),
    "Satchel-SHA-256": metadata.sha256,
    "Cache-Control": isPatch
      ? `${scope}, max-age=${PATCH_SECONDS}, immutable, no-transform`
      : `${scope}, max-age=${FRESH_SECONDS}, stale-if-error=${STALE_SECONDS}, no-transform`,
  });
  if (metadata.publishedAt) {
    headers.set("Satchel-Published-At", metadata.publishedAt);
  }
  if (isPatchNamed(metadata.patch)) {
    const { from, bytes, sha256 } = metadata.patch;
    headers.set("Satchel-Patch", `from=${from}; bytes=${bytes}; sha256=${sha256}`);
  }
  return headers;
}

/**
 * @param {Partial<Patch> | null | undefined} patch
 * @returns {patch is Patch}
 */
function isPatchNamed(patch) {
  return (
    typeof patch === "object" &&
    patch !== null &&
    Number.isInteger(patch.from) &&
    Number.isInteger(patch.bytes) &&
    isSha256(patch.sha256)
  );
}

/** @param {unknown} text */
function isSha256(text) {
  return typeof text === "string" && /^[0-9a-f]{64}$/.test(text);
}

/**
 * @param {unknown} found
 * @returns {found is Metadata}
 */
function isMetadata(found) {
  const metadata = /** @type {Partial<Metadata> | null} */ (found);
  return (
    typeof metadata === "object" &&
    metadata !== null &&
    Number.isInteger(metadata.revision ?? metadata.to) &&
    Number.isInteger(metadata.bytes) &&
    isSha256(metadata.sha256) &&
    /^[0-9TZ:.+-]{0,40}$/.test(metadata.publishedAt ?? "")
  );
}

/**
 * @param {string | null} known the header If-None-Match
 * @param {string} sha256
 */
function isKnown(known, sha256) {
  return (known ?? "")
    .split(",")
    .map((etag) => etag.trim().replace(/^W\//, ""))
    .some((etag) => etag === "*" || etag === `"${sha256}"`);
}

/**
 * Compares digests, so that the time taken says nothing about the token or its length.
 *
 * @param {string | null} header
 * @param {string} token
 */
async function isBearer(header, token) {
  const [sent, wanted] = await Promise.all([digest(header ?? ""), digest(`Bearer ${token}`)]);
  return crypto.subtle.timingSafeEqual(sent, wanted);
}

/** @param {string} text */
function digest(text) {
  return crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
}

/**
 * @param {number} status
 * @param {string} why
 * @param {Record<string, string>} [more] headers
 */
function refusal(status, why, more = {}) {
  return new Response(`${why}\n`, {
    status,
    headers: { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store", ...more },
  });
}
