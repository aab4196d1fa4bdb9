package io.sirocco.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sirocco.client.ChatFailedException;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.ReplyStream;
import io.sirocco.client.SiroccoClient;
import io.sirocco.client.SubmitOptions;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.embedded.HttpAsker.Event;
import io.sirocco.testkit.SecuredKafka;
import io.sirocco.testkit.TestTopics;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every role as a process and a user of its own, on a broker with SASL, TLS and ACLs, with the topics
 * and rights of deploy/kubernetes and no others.
 */
@EnabledOnOs(OS.LINUX)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(300)
class SecuredSystemIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String SHOP = "sirocco-backend-shop";
  private static final String SOMEBODY = "somebody";
  private static final String OPERATOR = "sirocco-operator";

  private Map<String, List<AclBinding>> rights;
  private BrokerAudit audit;
  private SecuredKafka kafka;
  private SecuredRoles roles;
  private SecuredSystem system;
  private HttpAsker http;
  private HttpAsker dashboard;
  private SiroccoClient shop;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    rights = KafkaManifests.rights();
    audit = BrokerAudit.open();
    roles = SecuredRoles.open(withSomebody(rights), folder);
    kafka = roles.kafka();
    system = new SecuredSystem(roles, folder);
    http = system.gateway();
    dashboard = system.dashboard();
    shop = client();
  }

  @AfterAll
  void stop() {
    shop.close();
    system.close();
    roles.close();
    audit.close();
  }

  /** One more user, who asks by the command line. */
  private static Map<String, List<AclBinding>> withSomebody(Map<String, List<AclBinding>> rights) {
    List<AclBinding> shops = rights.getOrDefault(SHOP, List.of());
    List<AclBinding> readsPrices = rights.getOrDefault(OPERATOR, List.of()).stream()
        .filter(right -> right.pattern().name().equals(Topics.PRICES)
            && right.entry().operation() == AclOperation.READ)
        .toList();
    Map<String, List<AclBinding>> all = new HashMap<>(rights);
    all.put(
        SOMEBODY,
        Stream.of(
                KafkaManifests.ofAnother(shops, SOMEBODY, "shop", "client"),
                KafkaManifests.ofAnother(shops, SOMEBODY, "shop", "bench"),
                KafkaManifests.ofAnother(readsPrices, SOMEBODY, "", ""))
            .flatMap(List::stream)
            .toList());
    return all;
  }

  private SiroccoClient client() {
    return SiroccoClient.connect(ClientSettings.builder(kafka.bootstrapServers())
        .clientName("shop")
        .kafkaProperties(kafka.clientProperties(SHOP))
        .readyTopics(2)
        .build());
  }

  private static String ask(String more) {
    return """
        {"model": "demo", "messages": [{"role": "user", "content": "What is a mistral?"}],
         "temperature": 0, "max_tokens": 12%s}""".formatted(more);
  }

  private static ChatRequest question(int tokens) {
    return ChatRequest.builder()
        .model("demo")
        .message(ChatMessage.user("What is a mistral?"))
        .maxCompletionTokens(tokens)
        .extra("ignore_eos", true)
        .stream(true)
        .build();
  }

  private static SubmitOptions by(String user, String id) {
    return SubmitOptions.builder().user(user).requestId(id).build();
  }

  @Test
  void gatewayAnswersAndTheSameKeyIsTheSameAnswer() throws Exception {
    String[] ann = {"x-user", "ann", "Idempotency-Key", "order-1"};
    HttpResponse<String> first = http.post("chat/completions", ask(""), ann);
    HttpResponse<String> again = http.post("chat/completions", ask(""), ann);
    HttpResponse<String> later = http.get("chat/completions/chatcmpl-order-1", "x-user", "ann");

    assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
    assertThat(http.json(again.body())).isEqualTo(http.json(first.body()));
    assertThat(later.statusCode()).as(later.body()).isEqualTo(200);
    awaitUsage("ann");
    awaitReceipt("order-1");
  }

  @Test
  void gatewayAnswersInTheBackground() throws Exception {
    HttpResponse<String> begun = http.post("chat/completions", ask(", \"background\": true"));

    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
    String id = http.json(begun.body()).path("id").asString();
    assertThat(http.get("chat/completions/" + id + "?wait=60").statusCode()).isEqualTo(200);
  }

  @Test
  void anotherWorkerGoesOnWithTheAnswerOfOneThatDied() throws Exception {
    ReplyStream answer = shop.submit(question(900), by("bob", "taken-over"));
    answer.iterator().next();

    system.replaceWorker();

    assertThat(requireNonNull(answer.await(PATIENCE).usage()).completionTokens())
        .isEqualTo(900);
  }

  @Test
  void clientIsAnsweredAndTheSameIdIsTheSameAnswer() throws Exception {
    String text =
        shop.submit(question(12), by("bob", "order-2")).await(PATIENCE).text();

    assertThat(shop.submit(question(12), by("bob", "order-2")).await(PATIENCE).text())
        .isEqualTo(text);
    assertThat(shop.attach(RequestKey.of("bob", "order-2"), 0).await(PATIENCE).text())
        .isEqualTo(text);
    awaitUsage("bob");
    awaitReceipt("order-2");
  }

  @Test
  void clientDeletesItsReplyTopics() throws Exception {
    String topic;
    try (SiroccoClient passing = client()) {
      ReplyStream answer = passing.submit(question(4), by("bob", "order-3"));
      answer.await(PATIENCE);
      topic = answer.handle().replyTopic();
    }

    try (TestTopics topics = new TestTopics(kafka)) {
      await().atMost(PATIENCE).until(() -> !topics.names().contains(topic));
    }
  }

  @Test
  void gatewayCancels() throws Exception {
    String[] ann = {"x-user", "ann", "Idempotency-Key", "long"};
    String body = ask(", \"stream\": true, \"ignore_eos\": true").replace("12", "4000");
    Iterator<Event> events = http.events("chat/completions", body, ann).iterator();
    events.next();

    assertThat(http.post("chat/completions/chatcmpl-long/cancel", "", "x-user", "ann")
            .statusCode())
        .isEqualTo(200);
    Event last = events.next();
    while (events.hasNext()) {
      last = events.next();
    }
    assertThat(http.json(last.data()).path("error").path("code").asString()).isEqualTo("cancelled");
  }

  @Test
  void operatorCancels() throws Exception {
    ReplyStream answer = shop.submit(question(4_000), by("bob", "too-long"));
    answer.iterator().next();

    CommandLineRun cancel = roles.run(OPERATOR, List.of("cancel"), "--user", "bob", "too-long");

    assertThat(cancel.exitCode()).as(cancel.err()).isZero();
    assertThatThrownBy(() -> answer.await(PATIENCE))
        .isInstanceOfSatisfying(
            ChatFailedException.class,
            failure -> assertThat(failure.body().error().code()).isEqualTo("cancelled"));
  }

  @Test
  void janitorDeletesWhatACrashedClientLeft() {
    try (TestTopics topics = new TestTopics(kafka)) {
      topics.create("chat.replies.crashed.1", 1);

      await().atMost(PATIENCE).until(() -> !topics.names().contains("chat.replies.crashed.1"));
    }
  }

  @Test
  void operatorSetsPricesAndPricesUsageAgain() throws Exception {
    CommandLineRun set = roles.run(
        OPERATOR,
        List.of("prices", "set"),
        "--model",
        "demo",
        "--prompt",
        "1",
        "--completion",
        "2");
    CommandLineRun list = roles.run(OPERATOR, List.of("prices", "list"));
    CommandLineRun reprice = roles.run(
        OPERATOR, List.of("reprice"), "--from", "2026-01-01", "--to", "2026-01-02", "--dry-run");

    assertThat(set.exitCode()).as(set.err()).isZero();
    assertThat(list.out()).as(list.err()).contains("demo");
    assertThat(reprice.exitCode()).as(reprice.err()).isZero();
  }

  @Test
  void deadLettersAreCountedListedAndReplayed() throws Exception {
    send(Topics.USAGE, "no-event");
    send(Topics.requests("demo"), "no-request");

    await()
        .atMost(PATIENCE)
        .until(
            () -> dashboard.get("/api/v1/summary").body(),
            summary -> Stream.of(Topics.USAGE, Topics.requests("demo"))
                .allMatch(topic -> summary.contains("\"" + Topics.deadLetters(topic) + "\":1")));
    CommandLineRun list = roles.run(OPERATOR, List.of("dlt", "list"), "--model", "demo");
    assertThat(list.out()).as(list.err()).contains("no-request");
    String place = list.out().lines().skip(1).findFirst().orElseThrow().replaceAll(" .*", "");
    CommandLineRun replay = roles.run(
        OPERATOR,
        List.of("dlt", "replay"),
        "--model",
        "demo",
        "--reply-topic",
        Topics.SHARED_REPLIES,
        place);
    assertThat(replay.exitCode()).as(replay.err()).isZero();
  }

  private void send(String topic, String id) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
        new HashMap<>(kafka.clientProperties()),
        new ByteArraySerializer(),
        new ByteArraySerializer())) {
      ProducerRecord<byte[], byte[]> broken =
          new ProducerRecord<>(topic, id.getBytes(UTF_8), new byte[] {'{'});
      broken.headers().add(Headers.REQUEST_ID, id.getBytes(UTF_8));
      producer.send(broken).get();
    }
  }

  @Test
  void chatAndBenchServeAskAsBackendsOfTheirNamesThatMayReadPrices() throws Exception {
    CommandLineRun chat = roles.run(
        SOMEBODY,
        List.of("chat"),
        "--served-model",
        "demo",
        "--user",
        "cat",
        "What is the capital of France?");
    CommandLineRun bench = roles.run(
        SOMEBODY,
        List.of("bench", "serve"),
        "--model",
        "demo",
        "--user",
        "cat",
        "--seconds",
        "1",
        "--concurrency",
        "1",
        "--output",
        "4");

    assertThat(chat.exitCode()).as(chat.err()).isZero();
    assertThat(chat.out()).contains("Paris");
    assertThat(bench.exitCode()).as(bench.err()).isZero();
  }

  private void awaitUsage(String user) {
    await()
        .atMost(PATIENCE)
        .until(() -> roles.run(OPERATOR, List.of("usage"), "--user", user).out().contains(user));
  }

  private void awaitReceipt(String id) {
    try (TopicText receipts = new TopicText(kafka.clientProperties(), Topics.RECEIPTS)) {
      await().atMost(PATIENCE).until(() -> receipts.contains(id));
    }
  }

  /** Of the whole class: what each user was let do, and what not. */
  @Test
  @Order(Integer.MAX_VALUE)
  void allEndInGoodOrderAndNoRightIsMissingOrTooMuch() throws Exception {
    shop.close();
    system.drain();

    assertThat(audit.accesses())
        .filteredOn(access -> rights.containsKey(access.user()) && !access.allowed())
        .as("refused")
        .isEmpty();
    assertThat(rights.values().stream().flatMap(List::stream))
        .filteredOn(right -> audit.accesses().stream().noneMatch(access -> access.isBy(right)))
        // Only hours that are over are corrected, and this system is too young to have any.
        .filteredOn(right -> !(right.entry().principal().equals("User:" + OPERATOR)
            && right.pattern().name().equals(Topics.CORRECTIONS)))
        .as("needed by nobody")
        .isEmpty();
  }
}
