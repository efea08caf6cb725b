package dev.satchel.publisher.cli;

import dev.satchel.publisher.guard.Guards;
import picocli.CommandLine.Option;

/** The option with which a person accepts what the guards refuse. It stands for no variable. */
final class AcceptOption {
  @Option(
      names = Guards.ACCEPT_CHANGE,
      description =
          "publish once what the guards would refuse: few users, changes, a source that lags")
  boolean given;
}
