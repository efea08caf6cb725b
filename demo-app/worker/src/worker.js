// @ts-check
/**
 * The page of an application that reads a user's config by itself: one pair of Workers KV, through
 * its binding. The publisher writes the pairs with `--layout both` or `--layout per-key`.
 *
 * @typedef {object} Env
 * @property {KVNamespace} USER_CONFIGS the namespace that the publisher writes
 * @property {string} [KEY_PREFIX] what precedes a user id in the key of its pair; absent for nothing
 */

/** KV answers from a cache of its own for this time, so a change is seen after a minute at most. */
const KV_CACHE_SECONDS = 60;
/** KV refuses longer keys. */
const MAX_KEY_BYTES = 512;

const HTML_HEADERS = {
  "Content-Type": "text/html; charset=utf-8",
  // the page is one user's, and nobody else's cache may keep it
  "Cache-Control": "private, no-store",
  "Content-Security-Policy":
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};

export default {
  /**
   * @param {Request} request
   * @param {Env} env
   * @returns {Promise<Response>}
   */
  async fetch(request, env) {
    const url = new URL(request.url);
    if (request.method !== "GET" && request.method !== "HEAD") {
      return page(405, "Not allowed", "<p>This page can only be read.</p>", { Allow: "GET, HEAD" });
    }
    if (url.pathname !== "/") {
      return page(404, "Not found", "<p>There is no such page.</p>");
    }
    const userId = url.searchParams.get("userId") ?? "";
    if (userId === "") {
      return page(400, "No user", "<p>Please provide a userId query parameter.</p>");
    }
    const config = await configOf(userId, env);
    return page(200, "Welcome to My App", content(userId, config));
  },
};

/**
 * Reads the config of a user. A page without a banner is better than none, so whatever goes wrong
 * counts as a user without a config, and is logged.
 *
 * @param {string} userId
 * @param {Env} env
 * @returns {Promise<Record<string, unknown>>}
 */
async function configOf(userId, env) {
  const key = (env.KEY_PREFIX ?? "") + userId;
  if (!isKey(key)) {
    return {};
  }
  try {
    const config = await env.USER_CONFIGS.get(key, { type: "json", cacheTtl: KV_CACHE_SECONDS });
    return isRecord(config) ? config : {};
  } catch (failure) {
    console.error(`the config under ${JSON.stringify(key)} cannot be read: ${failure}`);
    return {};
  }
}

/**
 * @param {string} key
 * @returns {boolean} whether KV would look for it, and not refuse it
 */
function isKey(key) {
  const bytes = new TextEncoder().encode(key).length;
  return bytes > 0 && bytes <= MAX_KEY_BYTES && key !== "." && key !== "..";
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * @param {string} userId
 * @param {Record<string, unknown>} config
 * @returns {string} HTML
 */
function content(userId, config) {
  const banner =
    config.preview_features_enabled === true
      ? `<div class="preview-banner">🎉 You have early access to preview features! 🎉</div>\n`
      : "";
  return `${banner}<p>Hello ${escaped(userId)}. This is the regular content everyone sees.</p>`;
}

/**
 * @param {number} status
 * @param {string} title
 * @param {string} body HTML
 * @param {Record<string, string>} [more] headers
 */
function page(status, title, body, more = {}) {
  const html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<style>
body{margin:0 auto;max-width:40rem;padding:2rem 1rem;font:1rem/1.55 system-ui,sans-serif}
p{overflow-wrap:anywhere}
.preview-banner{padding:.9rem 1.1rem;background:#ffeb3b;color:#3a2f00;border-radius:.6rem;
font-weight:600;text-align:center}
</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${body}
</body>
</html>
`;
  return new Response(html, { status, headers: { ...HTML_HEADERS, ...more } });
}

/**
 * @param {string} text
 * @returns {string} HTML that shows it, safe between tags and in quoted attributes
 */
function escaped(text) {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
