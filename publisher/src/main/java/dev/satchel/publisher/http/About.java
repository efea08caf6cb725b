package dev.satchel.publisher.http;

/**
 * Describes what the publisher does, in words.
 *
 * @param target what it writes
 * @param source where the users come from
 * @param schedule when it runs
 */
public record About(String target, String source, String schedule) {}
