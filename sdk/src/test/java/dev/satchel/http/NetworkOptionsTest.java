package dev.satchel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NetworkOptionsTest {
  private static final URI FAR = URI.create("https://kv.example.com/a");

  private static String route(Map<String, String> env, String address) throws Exception {
    return NetworkOptions.fromEnv(env).route(URI.create(address)).toString();
  }

  @Test
  void goesStraightUnlessSomebodyNamesAProxy() throws Exception {
    assertThat(route(Map.of(), "https://kv.example.com")).isEqualTo("none");
  }

  @Test
  void ownVariableBeforeTheJvmsChoiceBeforeTheEnvironments() throws Exception {
    Map<String, String> all =
        Map.of(
            "SATCHEL_PROXY", "http://own:1",
            "HTTPS_PROXY", "http://everybodys:2",
            "http_proxy", "plain:3");
    assertThat(route(all, "https://kv.example.com")).isEqualTo("own:1");
    Map<String, String> everybodys =
        Map.of("HTTPS_PROXY", "http://everybodys:2", "http_proxy", "plain:3");
    assertThat(route(everybodys, "https://kv.example.com")).isEqualTo("everybodys:2");
    assertThat(route(everybodys, "http://kv.example.com")).isEqualTo("plain:3");
    assertThat(
            route(Map.of("SATCHEL_PROXY", "direct", "HTTPS_PROXY", "http://a:2"), FAR.toString()))
        .isEqualTo("none");
    var options =
        NetworkOptions.builder().proxySelector(choosing(Proxy.Type.HTTP, "jvms", 4)).build();
    assertThat(options.route(FAR)).hasToString("jvms:4");
    var socks =
        NetworkOptions.builder().proxySelector(choosing(Proxy.Type.SOCKS, "socks", 5)).build();
    assertThat(socks.route(FAR).socksProxy()).isNotNull();
  }

  private static ProxySelector choosing(Proxy.Type type, String host, int port) {
    return new ProxySelector() {
      @Override
      public List<Proxy> select(URI address) {
        return List.of(new Proxy(type, InetSocketAddress.createUnresolved(host, port)));
      }

      @Override
      public void connectFailed(URI address, SocketAddress proxy, java.io.IOException failure) {}
    };
  }

  @ParameterizedTest
  @CsvSource({
    "kv.example.com, true",
    "example.com, true",
    ".example.com, true",
    "*.example.com, true",
    "KV.EXAMPLE.COM, true",
    "kv.example.com:443, true",
    "kv.example.com:80, false",
    "ample.com, false",
    "example.org, false",
    "*, true",
  })
  void passesByTheProxyForWhatIsListed(String listed, boolean isDirect) throws Exception {
    Map<String, String> env =
        Map.of("HTTPS_PROXY", "http://proxy:1", "NO_PROXY", "other.org, " + listed);

    assertThat(route(env, "https://kv.example.com")).isEqualTo(isDirect ? "none" : "proxy:1");
  }

  @ParameterizedTest
  @CsvSource({
    "https://10.1.2.3, none",
    "https://11.1.2.3, proxy:1",
    "'https://[fd00::1]', none",
    "'https://[fe00::1]', proxy:1",
    "https://localhost, none",
    "https://127.0.0.1:8080, none",
    "'https://[::1]:8080', none",
  })
  void knowsNetworksAndThisMachine(String address, String route) throws Exception {
    Map<String, String> env =
        Map.of("https_proxy", "http://proxy:1", "no_proxy", "10.0.0.0/8,[fd00::]/8,fd00::/8");

    assertThat(route(env, address)).isEqualTo(route);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://a:1", "http://", "http://secret word@a:1", "https://a:1", ":::"})
  void refusesWhatIsNoProxyWithoutShowingIt(String wrong) {
    assertThatThrownBy(() -> NetworkOptions.fromEnv(Map.of("SATCHEL_PROXY", wrong)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("SATCHEL_PROXY: expected http://host:port")
        .hasMessageNotContaining("secret");
  }

  @Test
  void showsNoCredentials() {
    var options = NetworkOptions.fromEnv(Map.of("SATCHEL_PROXY", "http://user:secret@proxy:1"));

    assertThat(options).asString().contains("proxy:1").doesNotContain("secret");
  }

  @Test
  void plainHttpGoesToThisMachineOrWhereItIsAllowedByName() {
    URI plain = URI.create("http://kv.internal:8080/a");
    assertThat(NetworkOptions.defaults().refusal(URI.create("http://localhost/a"))).isEmpty();
    assertThat(NetworkOptions.defaults().refusal(URI.create("http://[::1]/a"))).isEmpty();
    assertThat(NetworkOptions.defaults().refusal(URI.create("https://kv.internal/a"))).isEmpty();
    assertThat(NetworkOptions.defaults().refusal(plain).orElseThrow())
        .contains("http://kv.internal", "SATCHEL_PLAIN_HTTP", "SATCHEL_PUBLIC_KEYS");
    assertThat(NetworkOptions.defaults().refusal(URI.create("http://127.0.0.1.evil.org/")))
        .isPresent();
    for (Map<String, String> allowing :
        List.of(
            Map.of("SATCHEL_PLAIN_HTTP", "other, KV.internal"),
            Map.of("SATCHEL_PLAIN_HTTP", "*"),
            Map.of("SATCHEL_PUBLIC_KEYS", "a-key"))) {
      assertThat(NetworkOptions.fromEnv(allowing).refusal(plain)).isEmpty();
    }
  }
}
