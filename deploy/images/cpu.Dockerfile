# syntax=docker/dockerfile:1

# All roles in one image: build at the root of the repository.
#
#   docker build -f deploy/images/cpu.Dockerfile -t sirocco:0.1.0-cpu .
#   docker run --rm sirocco:0.1.0-cpu worker --bootstrap-server broker:9092
#
# Linux on x86-64 alone: that is what the tensor library is there for.

FROM maven:3.9.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -ntp -pl deploy/embedded -am package -Dmaven.test.skip=true -Dspotless.check.skip=true
RUN mkdir -p /opt/sirocco/deploy/models /opt/sirocco/natives \
 && cp -r deploy/embedded/target/sirocco.jar deploy/embedded/target/lib /opt/sirocco/ \
 && cp -r deploy/models/demo /opt/sirocco/deploy/models/

# One answer unpacks the native libraries of the tensors and of the tokenizer into one folder, which
# nobody writes to any more; an image that cannot answer is not built.
ENV ENGINE_CACHE_DIR=/opt/sirocco/natives DJL_OFFLINE=true OPT_OUT_TRACKING=true
RUN java -XX:+UseSerialGC -Xmx1g -Dsirocco.home=/opt/sirocco -Dsirocco.terminal=false \
      -jar /opt/sirocco/sirocco.jar chat "What is a mistral?" </dev/null \
 && chmod -R a+rX,a-w /opt/sirocco

FROM eclipse-temurin:17.0.13_11-jre-jammy
RUN groupadd --system --gid 10001 sirocco \
 && useradd --system --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin sirocco
COPY --from=build /opt/sirocco /opt/sirocco

# The weights live outside the heap: leave the container much more memory than the heap.
ENV ENGINE_CACHE_DIR=/opt/sirocco/natives \
    DJL_OFFLINE=true \
    OPT_OUT_TRACKING=true \
    LC_ALL=C.UTF-8 \
    JDK_JAVA_OPTIONS="-XX:+UseSerialGC -Xmx1g"

USER 10001:10001
WORKDIR /tmp

# No shell in between: signals reach the role, which drains.
ENTRYPOINT ["java", "-XX:-UsePerfData", "-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", \
  "-Dstderr.encoding=UTF-8", "-Dlog4j.shutdownHookEnabled=false", \
  "-Dsirocco.home=/opt/sirocco", "-Dsirocco.terminal=false", "-jar", "/opt/sirocco/sirocco.jar"]
CMD ["--help"]
