package dev.satchel.publisher.source;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateRevokedException;
import java.util.regex.Pattern;

/** Tells apart why a server's certificate is not accepted. */
final class TlsFailure {
  // the JDK's checker of host names has no exception of its own
  private static final Pattern OTHER_HOST =
      Pattern.compile("No (subject alternative|name matching|other name)|doesn't match");

  private TlsFailure() {}

  /** Returns the reason in a few words. */
  static String inWords(Throwable failure) {
    Throwable root = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      root = cause;
      if (cause instanceof CertificateExpiredException) {
        return "the server's certificate has expired: " + cause.getMessage();
      }
      if (cause instanceof CertificateNotYetValidException) {
        return "the server's certificate is not valid yet: " + cause.getMessage();
      }
      if (cause instanceof CertificateRevokedException) {
        return "the server's certificate is revoked";
      }
      if (cause instanceof CertificateException
          && OTHER_HOST.matcher(String.valueOf(cause.getMessage())).find()) {
        return "the server's certificate is for another host: " + cause.getMessage();
      }
    }
    if (root instanceof CertPathBuilderException || root instanceof CertPathValidatorException) {
      return "the server's certificate is signed by an unknown authority: " + root.getMessage();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
