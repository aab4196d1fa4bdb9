package io.sirocco.checks;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.util.Map;
import java.util.Optional;

/**
 * Reads manifests with the classes of Kubernetes' and Strimzi's clients; an unknown field is an error.
 *
 * <p>Confined to one test.
 */
final class ManifestReader {
  private static final Map<String, Class<?>> TYPES = Map.ofEntries(
      Map.entry("v1/Namespace", Namespace.class),
      Map.entry("v1/Service", Service.class),
      Map.entry("v1/ServiceAccount", ServiceAccount.class),
      Map.entry("apps/v1/Deployment", Deployment.class),
      Map.entry("apps/v1/StatefulSet", StatefulSet.class),
      Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
      Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
      Map.entry("monitoring.coreos.com/v1/PodMonitor", PodMonitor.class),
      Map.entry("kafka.strimzi.io/v1/KafkaTopic", KafkaTopic.class),
      Map.entry("kafka.strimzi.io/v1/KafkaUser", KafkaUser.class));

  private final ObjectMapper mapper = new ObjectMapper()
      .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
      .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
        /** The classes keep what they do not know; here it must fail. */
        @Override
        public Boolean hasAnySetter(Annotated annotated) {
          return false;
        }
      });

  /** Returns what is wrong with a manifest; empty for nothing. */
  Optional<String> fault(Map<String, Object> manifest) {
    String kind = Tree.text(manifest, "apiVersion") + "/" + Tree.text(manifest, "kind");
    Class<?> type = TYPES.get(kind);
    if (type == null) {
      return Optional.of("expected one of " + TYPES.keySet() + ", found " + kind);
    }
    try {
      mapper.convertValue(manifest, type);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(
          e.getCause() instanceof JsonMappingException found
              ? found.getOriginalMessage() + " at " + found.getPathReference()
              : String.valueOf(e.getMessage()));
    }
  }
}
