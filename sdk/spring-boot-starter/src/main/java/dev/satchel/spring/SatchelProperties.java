package dev.satchel.spring;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties as they are written; null where one is not. They are texts because the SDK reads
 * them, by the rules it has for its environment variables: see {@link Setting}. An IDE shows what
 * is said of them here.
 *
 * @param enabled Whether there is a client at all.
 * @param source Where snapshots come from: kv for Workers KV, an https address, or a file or folder
 *     with a slash in its path.
 * @param key The key under which the publisher keeps the snapshot.
 * @param pollInterval Mean time between two polls, such as 30s, 5m or PT1M.
 * @param sourceToken Bearer token that an https address asks for.
 * @param sourceTokenFile File with that token.
 * @param longestWait How long a request may wait at an https address for a change, such as 30s.
 * @param callTimeout How long one call to the source may take, such as 30s or PT1M.
 * @param startTimeout How long opening waits for the first snapshot, such as 10s.
 * @param whenNothing What opening does when no snapshot can be had: go on, wait for one, or fail.
 * @param copyDir Folder for copies of the newest snapshots, for the next start.
 * @param bundled File with a snapshot that ships with the application.
 * @param staleAfter How long the source may fail before the state is STALE, such as 5m.
 * @param expireAfter How long after the source last agreed the state is EXPIRED, such as 12h.
 * @param whenExpired What lookups answer once the state is EXPIRED.
 * @param pinnedRevision The only revision to use.
 * @param requestBudget The most requests in any five minutes.
 * @param publicKeys Public keys, as satchel keygen prints them; one of them must have signed a
 *     snapshot.
 * @param expectedFields Fields that the application uses, such as plan:string; opening fails
 *     without them.
 * @param proxy Proxy for all requests, http://host:port with or without user:password@, or direct.
 * @param plainHttp Other hosts that may be asked over plain http.
 * @param cloudflare Which namespace of Workers KV to read, and as whom.
 */
@ConfigurationProperties("satchel")
record SatchelProperties(
    @DefaultValue("true") boolean enabled,
    @Nullable String source,
    @Nullable String key,
    @Nullable String pollInterval,
    @Nullable String sourceToken,
    @Nullable String sourceTokenFile,
    @Nullable String longestWait,
    @Nullable String callTimeout,
    @Nullable String startTimeout,
    @Nullable String whenNothing,
    @Nullable String copyDir,
    @Nullable String bundled,
    @Nullable String staleAfter,
    @Nullable String expireAfter,
    @Nullable String whenExpired,
    @Nullable String pinnedRevision,
    @Nullable String requestBudget,
    @Nullable List<String> publicKeys,
    @Nullable List<String> expectedFields,
    @Nullable String proxy,
    @Nullable List<String> plainHttp,
    @DefaultValue Cloudflare cloudflare) {

  /**
   * Which namespace of Workers KV to read, and as whom.
   *
   * @param accountId The account's 32 hexadecimal digits.
   * @param namespaceId The 32 hexadecimal digits of the Workers KV namespace.
   * @param apiToken API token that may read Workers KV.
   * @param apiTokenFile File with the API token.
   * @param email Address of the account, with an API key in place of a token.
   * @param apiKey Global API key, with the account's address.
   * @param apiKeyFile File with the API key.
   * @param apiBaseUrl Root of the API, if it is not Cloudflare's own.
   */
  record Cloudflare(
      @Nullable String accountId,
      @Nullable String namespaceId,
      @Nullable String apiToken,
      @Nullable String apiTokenFile,
      @Nullable String email,
      @Nullable String apiKey,
      @Nullable String apiKeyFile,
      @Nullable String apiBaseUrl) {

    /** Without the secrets. */
    @Override
    public String toString() {
      return "Cloudflare[accountId=%s, namespaceId=%s]".formatted(accountId, namespaceId);
    }
  }

  /** Without what may hold a secret. */
  @Override
  public String toString() {
    return "SatchelProperties[enabled=%s, key=%s, cloudflare=%s]"
        .formatted(enabled, key, cloudflare);
  }
}
