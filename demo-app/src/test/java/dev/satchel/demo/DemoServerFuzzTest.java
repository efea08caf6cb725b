package dev.satchel.demo;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;

/**
 * Whoever a request says that its user is, the page is one of the two there are, and whatever a
 * request asks for, it is answered with security headers and without an element more. A build runs
 * this over its corpus only, which is beside it in the resources; to search:
 *
 * <pre>
 * JAZZER_FUZZ=1 mvn -pl demo-app -am test -Dtest=DemoServerFuzzTest -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
class DemoServerFuzzTest {
  // All else is in a class that is loaded with the first input, behind Jazzer's agent: classes that
  // are loaded before it and changed by it lose fields (NoSuchFieldError).

  @AfterAll
  static void close() throws Exception {
    FuzzedServer.close();
  }

  /** Text that begins with a slash is a request's target, and any other a user id. */
  @FuzzTest
  @Timeout(30)
  void whateverIsAskedForIsAnsweredWithoutAnElementMore(byte[] input) throws IOException {
    // for this input; a connection is a finding otherwise
    BugDetectors.allowNetworkConnections();
    FuzzedServer.answers(input);
  }
}
