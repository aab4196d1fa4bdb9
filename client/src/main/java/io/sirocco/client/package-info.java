/**
 * The library that a backend imports: submit a chat completion through Kafka and read its answer as
 * it is generated.
 *
 * <pre>{@code
 * ClientSettings settings =
 *     ClientSettings.builder("localhost:9092").model("mistral-7b-instruct").build();
 * try (SiroccoClient client = SiroccoClient.connect(settings)) {
 *   ChatRequest request =
 *       ChatRequest.builder().message(ChatMessage.user("What is a mistral?")).build();
 *   for (ChatChunk chunk : client.submit(request)) {
 *     chunk.choices().forEach(choice -> print(choice.delta().content()));
 *   }
 * }
 * }</pre>
 *
 * <p>{@link io.sirocco.client.SiroccoClient} has the ways to read an answer.
 */
@NullMarked
package io.sirocco.client;

import org.jspecify.annotations.NullMarked;
