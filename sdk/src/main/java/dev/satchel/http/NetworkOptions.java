package dev.satchel.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a server from this process: the proxy, the TLS settings, and the hosts that may be
 * asked over plain http. Immutable; build with {@link #builder} or {@link #fromEnv}.
 *
 * <p>Unless told otherwise, the proxy is the JVM's ({@code https.proxyHost} and the like, or the
 * application's {@link ProxySelector}), TLS is the JVM's, and plain http goes to this machine
 * alone.
 */
public final class NetworkOptions {
  private static final String PROXY_RULE =
      "expected http://host:port, http://user:password@host:port or direct";

  private final @Nullable HttpProxy proxy;
  private final boolean isDirect;
  private final @Nullable ProxySelector selector;
  private final Map<String, HttpProxy> proxyByScheme;
  private final ProxyExclusions exclusions;
  private final @Nullable Supplier<SSLContext> sslContext;
  private final Set<String> plainHttpHosts;

  private NetworkOptions(Builder from) {
    proxy = from.proxy;
    isDirect = from.isDirect;
    selector = from.selector;
    proxyByScheme = Map.copyOf(from.proxyByScheme);
    exclusions = from.exclusions;
    sslContext = from.sslContext;
    plainHttpHosts = Set.copyOf(from.plainHttpHosts);
  }

  /** Returns options that leave everything as the JVM has it. */
  public static NetworkOptions defaults() {
    return builder().build();
  }

  /** Returns a builder that starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns options from environment variables; an unset or empty variable means the default.
   *
   * <table>
   * <caption>Variables</caption>
   * <tr><td>{@code SATCHEL_PROXY}<td>the proxy for all requests, {@code http://host:port} or {@code
   *     http://user:password@host:port}; or {@code direct} for none
   * <tr><td>{@code HTTPS_PROXY}, {@code HTTP_PROXY}<td>the proxy for the addresses of one kind,
   *     where the JVM knows none; also in lower case
   * <tr><td>{@code NO_PROXY}<td>hosts, domains and networks to reach
   *     without the proxies of these variables, separated by commas; also in lower case
   * <tr><td>{@code SATCHEL_PLAIN_HTTP}<td>other machines that may be asked over
   *     plain http, separated by commas; {@code *} for all
   * </table>
   *
   * <p>With {@code SATCHEL_PUBLIC_KEYS} set, snapshots prove their origin themselves, and plain
   * http is allowed to all hosts.
   *
   * @throws IllegalArgumentException if a variable is malformed; the message names it without its
   *     value, which may hold a password
   */
  public static NetworkOptions fromEnv(Map<String, String> env) {
    var builder = builder();
    set(env, builder::proxy, "SATCHEL_PROXY");
    set(env, text -> builder.proxyFor("https", text), "HTTPS_PROXY", "https_proxy");
    set(env, text -> builder.proxyFor("http", text), "HTTP_PROXY", "http_proxy");
    set(env, text -> builder.noProxy(words(text)), "NO_PROXY", "no_proxy");
    set(env, text -> builder.allowPlainHttpTo(words(text)), "SATCHEL_PLAIN_HTTP");
    if (!env.getOrDefault("SATCHEL_PUBLIC_KEYS", "").isBlank()) {
      builder.allowPlainHttpTo(List.of("*"));
    }
    return builder.build();
  }

  private interface Setter {
    void set(String text);
  }

  private static void set(Map<String, String> env, Setter setter, String... names) {
    for (String name : names) {
      String value = env.getOrDefault(name, "").strip();
      if (!value.isEmpty()) {
        try {
          setter.set(value);
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
        return;
      }
    }
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split("[,\\s]+", -1)).filter(word -> !word.isEmpty()).toList();
  }

  /**
   * Returns why this address must not be asked, or empty if it may be. Over plain http everyone on
   * the way can read requests and answers, credentials included, and change them.
   */
  public Optional<String> refusal(URI address) {
    String host = Connection.host(address).toLowerCase(Locale.ROOT);
    if (!"http".equalsIgnoreCase(address.getScheme())
        || isThisMachine(host)
        || plainHttpHosts.contains("*")
        || plainHttpHosts.contains(host)) {
      return Optional.empty();
    }
    return Optional.of(
        ("expected https://…, or http://… on this machine, but found http://%s; to allow it, name"
                + " the host in SATCHEL_PLAIN_HTTP, or sign snapshots and set SATCHEL_PUBLIC_KEYS")
            .formatted(address.getHost()));
  }

  static boolean isThisMachine(String host) {
    return host.equals("localhost")
        || host.equals("::1")
        || host.equals("0:0:0:0:0:0:0:1")
        || host.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");
  }

  SSLContext sslContext() throws IOException {
    try {
      return sslContext == null ? SSLContext.getDefault() : sslContext.get();
    } catch (NoSuchAlgorithmException e) {
      throw new IOException("the JVM's TLS cannot be used: " + e.getMessage(), e);
    }
  }

  /** Returns the way to this address. */
  Route route(URI address) throws IOException {
    if (isDirect) {
      return Route.DIRECT;
    }
    boolean excluded = exclusions.contain(Connection.host(address), Connection.port(address));
    if (proxy != null) {
      return excluded ? Route.DIRECT : Route.through(proxy);
    }
    Route route = routeOfJvm(address);
    if (!route.isDirect() || excluded) {
      return route;
    }
    HttpProxy named = proxyByScheme.get(address.getScheme().toLowerCase(Locale.ROOT));
    return named == null ? Route.DIRECT : Route.through(named);
  }

  private Route routeOfJvm(URI address) throws IOException {
    ProxySelector chooser = selector == null ? ProxySelector.getDefault() : selector;
    if (chooser == null) {
      return Route.DIRECT;
    }
    List<Proxy> proxies;
    try {
      proxies = chooser.select(address);
    } catch (IllegalArgumentException e) {
      throw new IOException("the JVM's choice of a proxy failed: " + e.getMessage(), e);
    }
    Proxy first = proxies.isEmpty() ? Proxy.NO_PROXY : proxies.get(0);
    return switch (first.type()) {
      case DIRECT -> Route.DIRECT;
      case SOCKS -> new Route(null, first, "");
      case HTTP -> new Route((InetSocketAddress) first.address(), null, "");
    };
  }

  /**
   * The way to an address.
   *
   * @param httpProxy the proxy to speak HTTP to, or null
   * @param socksProxy the proxy to connect through, or null
   * @param authorization the header with the proxy's credentials and its line end, or ""
   */
  record Route(
      @Nullable InetSocketAddress httpProxy, @Nullable Proxy socksProxy, String authorization) {
    static final Route DIRECT = new Route(null, null, "");

    boolean isDirect() {
      return httpProxy == null && socksProxy == null;
    }

    static Route through(HttpProxy proxy) {
      return new Route(
          InetSocketAddress.createUnresolved(proxy.host, proxy.port), null, proxy.authorization);
    }

    /** Returns the proxy's host and port, for messages. */
    @Override
    public String toString() {
      return httpProxy == null ? "none" : httpProxy.getHostString() + ":" + httpProxy.getPort();
    }
  }

  /** A proxy that speaks HTTP, and the header with its credentials, or "". */
  private record HttpProxy(String host, int port, String authorization) {

    static HttpProxy parse(String text) {
      URI address;
      try {
        address = URI.create(text.contains("://") ? text : "http://" + text);
      } catch (IllegalArgumentException malformed) {
        // the exception's own message quotes the value, which may hold a password
        throw new IllegalArgumentException(PROXY_RULE + " but found something else");
      }
      if (!"http".equalsIgnoreCase(address.getScheme()) || address.getHost() == null) {
        throw new IllegalArgumentException(PROXY_RULE + " but found another kind of address");
      }
      return new HttpProxy(
          Connection.host(address),
          Connection.port(address),
          authorization(address.getRawUserInfo()));
    }

    private static String authorization(@Nullable String rawUserInfo) {
      if (rawUserInfo == null) {
        return "";
      }
      byte[] decoded =
          URLDecoder.decode(rawUserInfo.replace("+", "%2B"), StandardCharsets.UTF_8)
              .getBytes(StandardCharsets.UTF_8);
      return "Proxy-Authorization: Basic " + Base64.getEncoder().encodeToString(decoded) + "\r\n";
    }

    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /** Collects options; each is checked where it is set. Confined to one thread. */
  public static final class Builder {
    private @Nullable HttpProxy proxy;
    private boolean isDirect;
    private @Nullable ProxySelector selector;
    private final Map<String, HttpProxy> proxyByScheme = new HashMap<>();
    private ProxyExclusions exclusions = new ProxyExclusions(List.of());
    private @Nullable Supplier<SSLContext> sslContext;
    private final Set<String> plainHttpHosts = new HashSet<>();

    private Builder() {}

    /**
     * Sends all requests through this proxy, whatever proxies the JVM has.
     *
     * @param address {@code http://host:port}, {@code http://user:password@host:port} with percent
     *     signs where a URL needs them, or {@code direct} for no proxy
     */
    public Builder proxy(String address) {
      isDirect = address.equalsIgnoreCase("direct");
      proxy = isDirect ? null : HttpProxy.parse(address);
      return this;
    }

    /** Uses this selector instead of {@link ProxySelector#getDefault}. */
    public Builder proxySelector(ProxySelector chooser) {
      selector = chooser;
      return this;
    }

    private void proxyFor(String scheme, String address) {
      proxyByScheme.put(scheme, HttpProxy.parse(address));
    }

    /**
     * Reaches these hosts without the proxies that were named by address.
     *
     * @param hosts each a host, a domain with all that is below it ({@code example.com} or {@code
     *     .example.com}), an address or a network ({@code 10.0.0.0/8}), with {@code :port} or
     *     without; or {@code *}. This machine needs none in any case.
     */
    public Builder noProxy(List<String> hosts) {
      exclusions = new ProxyExclusions(hosts);
      return this;
    }

    /** Uses this context for https instead of {@link SSLContext#getDefault}. */
    public Builder sslContext(SSLContext context) {
      sslContext = () -> context;
      return this;
    }

    /**
     * Allows plain http to these other machines. Anyone on the way can read requests and answers,
     * credentials included, and change them.
     *
     * @param hosts names or addresses as URLs have them, or {@code *} for all
     */
    public Builder allowPlainHttpTo(List<String> hosts) {
      hosts.forEach(host -> plainHttpHosts.add(host.toLowerCase(Locale.ROOT)));
      return this;
    }

    /** Returns the options collected so far. */
    public NetworkOptions build() {
      return new NetworkOptions(this);
    }
  }

  /** Describes the options without credentials. */
  @Override
  public String toString() {
    return "proxy=%s plainHttp=%s"
        .formatted(
            isDirect ? "direct" : proxy == null ? "jvm" : proxy,
            plainHttpHosts.isEmpty() ? "local" : String.join(",", plainHttpHosts));
  }
}
