package dev.satchel.publisher.cli;

import picocli.CommandLine.Option;

/** The {@code --json} option of every command that prints facts. */
final class JsonOption {
  @Option(
      names = "--json",
      description = "print one JSON object on standard output, and nothing else")
  boolean given;
}
