package dev.satchel.publisher.cli;

import picocli.CommandLine.Option;

/** The option of every command that prints facts. */
final class JsonOption {
  @Option(names = "--json", description = "one JSON object on standard output, nothing else there")
  boolean given;
}
