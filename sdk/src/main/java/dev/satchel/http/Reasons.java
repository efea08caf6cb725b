package dev.satchel.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Says why a call failed. */
final class Reasons {
  private static final int MAX_CAUSES = 10;

  private Reasons() {}

  /** Returns one line that says what happened and, if someone can do something about it, what. */
  static String inWords(IOException failure, String host) {
    if (failure instanceof UnknownHostException) {
      return "there is no address for the host name " + host;
    } else if (failure instanceof ConnectException) {
      return "cannot connect: " + said(failure);
    } else if (failure instanceof SocketTimeoutException) {
      return "timed out";
    } else if (failure instanceof SSLException) {
      return "TLS failed: " + ofTls(failure, host);
    }
    return said(failure);
  }

  private static String ofTls(Throwable failure, String host) {
    Throwable cause = failure;
    String certificate = "";
    for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
      if (cause instanceof CertificateExpiredException) {
        return "the certificate of " + host + " has expired";
      } else if (cause instanceof CertificateNotYetValidException) {
        return "the certificate of " + host + " is not valid yet; check this machine's clock";
      } else if (cause instanceof CertPathBuilderException) {
        return "the certificate of %s is not trusted: its authority is not among those of the JVM (javax.net.ssl.trustStore) or of the SSLContext"
            .formatted(host);
      } else if (cause instanceof CertPathValidatorException
          || cause instanceof CertificateException) {
        certificate = said(cause);
      }
    }
    return certificate.isEmpty()
        ? said(failure)
        : "the certificate of %s is not accepted: %s".formatted(host, certificate);
  }

  /** Returns the exception's own words, which are the JDK's, cut to one line. */
  private static String said(Throwable failure) {
    String message = failure.getMessage();
    if (message == null || message.isBlank()) {
      return failure.getClass().getSimpleName().replace("Exception", "").toLowerCase(Locale.ROOT);
    }
    String line = message.lines().findFirst().orElse(message);
    return line.length() <= 200 ? line : line.substring(0, 200) + "…";
  }
}
