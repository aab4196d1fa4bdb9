package io.sirocco.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every kustomization names what is there, and everything that is there is named by one. */
class KustomizationTest {
  private static final List<Path> KUSTOMIZATIONS =
      Repository.files("deploy/kubernetes", "kustomization.yaml"::equals);

  @Test
  void whatIsNamedIsThere() {
    assertThat(KUSTOMIZATIONS)
        .hasSizeGreaterThan(5)
        .allSatisfy(file -> assertThat(named(file))
            .allSatisfy(path ->
                assertThat(Files.exists(path)).as(file + " names " + path).isTrue()));
  }

  @Test
  void whatIsThereIsNamed() {
    TreeSet<Path> named = new TreeSet<>();
    KUSTOMIZATIONS.forEach(file -> named.addAll(named(file)));

    assertThat(Repository.files(
            "deploy/kubernetes",
            name -> !name.equals("kustomization.yaml") && !name.endsWith(".md")))
        .allSatisfy(file -> assertThat(named).contains(file));
  }

  @Test
  void everyPatchIsOfAManifestOfTheBase() {
    List<String> base = new ArrayList<>();
    for (Path file : Repository.files("deploy/kubernetes/base", name -> name.endsWith(".yaml"))) {
      Repository.documents(file).forEach(manifest -> base.add(identity(manifest)));
    }

    assertThat(KUSTOMIZATIONS).allSatisfy(file -> {
      for (Map<String, Object> patch : Tree.objects(kustomization(file).get("patches"))) {
        Path path = file.resolveSibling(Tree.text(patch, "path"));
        assertThat(base).contains(identity(Repository.documents(path).get(0)));
      }
    });
  }

  private static Map<String, Object> kustomization(Path file) {
    return Repository.documents(file).get(0);
  }

  private static List<Path> named(Path file) {
    Map<String, Object> kustomization = kustomization(file);
    List<String> paths = new ArrayList<>();
    for (String member : List.of("resources", "components")) {
      if (kustomization.get(member) instanceof List<?> list) {
        list.forEach(path -> paths.add(path.toString()));
      }
    }
    Tree.objects(kustomization.get("patches"))
        .forEach(patch -> paths.add(Tree.text(patch, "path")));
    for (Map<String, Object> map : Tree.objects(kustomization.get("configMapGenerator"))) {
      if (map.get("files") instanceof List<?> list) {
        list.forEach(path -> paths.add(path.toString()));
      }
    }
    return paths.stream().map(path -> file.resolveSibling(path).normalize()).toList();
  }

  private static String identity(Map<String, Object> manifest) {
    return (manifest.containsKey("kind") ? Tree.text(manifest, "kind") : "")
        + "/"
        + (Tree.find(manifest, "metadata.name") == null
            ? ""
            : Tree.text(manifest, "metadata.name"));
  }
}
