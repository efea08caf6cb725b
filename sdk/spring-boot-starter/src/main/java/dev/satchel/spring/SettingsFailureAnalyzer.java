package dev.satchel.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Has Boot say in words, in place of a stack trace, which property kept the application down. */
final class SettingsFailureAnalyzer extends AbstractFailureAnalyzer<RefusedSettingsException> {

  @Override
  protected FailureAnalysis analyze(Throwable root, RefusedSettingsException refused) {
    return new FailureAnalysis(
        "Satchel's settings cannot be used: " + refused.getMessage(),
        "Set the properties named above, or the variables of the same meaning; satchel.enabled=false does"
            + " without Satchel.",
        refused);
  }
}
