/**
 * The library that a backend imports: submit a chat completion through Kafka and read its answer as
 * it is generated.
 *
 * <pre>{@code
 * static void main() {
 *   ClientSettings settings =
 *       ClientSettings.builder("localhost:9092").model("mistral-7b-instruct").build();
 *   try (SiroccoClient client = SiroccoClient.connect(settings)) {
 *     ChatRequest request =
 *         ChatRequest.builder().message(ChatMessage.user("What is a mistral?")).build();
 *     for (ChatChunk chunk : client.submit(request)) {
 *       chunk.choices().forEach(choice -> System.out.print(choice.delta().content()));
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>{@link io.sirocco.client.SiroccoClient} has the ways to read an answer. It runs on
 * Java 17 and later, and brings kafka-clients and Jackson along, nothing that computes.
 */
@NullMarked
package io.sirocco.client;

import org.jspecify.annotations.NullMarked;
