package io.sirocco.testkit;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Starts Kafka in a container, where there is Docker.
 *
 * <p>Immutable.
 */
final class ContainerKafkaExtension extends KafkaBrokerExtension implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return DockerPresence.of(context).isFound()
        ? ConditionEvaluationResult.enabled("Docker was found")
        : ConditionEvaluationResult.disabled("Docker was not found");
  }

  @Override
  KafkaBroker start() {
    return ContainerKafka.start();
  }
}
