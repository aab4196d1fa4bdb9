# syntax=docker/dockerfile:1

# The worker with the CUDA build of its tensor library: build at the root of the repository.
#
#   docker build -f deploy/images/gpu.Dockerfile -t sirocco:0.1.0-gpu .
#
# It computes on the card when it is told so: SIROCCO_WORKER_DEVICE=cuda. Never run on one: see README.md.

FROM maven:3.9.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -ntp -pl deploy/embedded -am package -Dmaven.test.skip=true -Dspotless.check.skip=true
RUN mkdir -p /opt/sirocco/deploy/models /opt/sirocco/natives \
 && cp -r deploy/embedded/target/sirocco.jar deploy/embedded/target/lib /opt/sirocco/ \
 && cp -r deploy/models/demo /opt/sirocco/deploy/models/

# What Java libraries unpack when they are first used. libtorch for CUDA does not load where no driver is,
# as here: an answer is computed with that for processors, and its tokenizer kept; the bridge is unpacked.
ENV ENGINE_CACHE_DIR=/tmp/natives
RUN java -Dsirocco.home=/opt/sirocco -Dsirocco.terminal=false \
      -jar /opt/sirocco/sirocco.jar chat "What is a mistral?" </dev/null \
 && cp -r /tmp/natives/tokenizers /opt/sirocco/natives/ \
 && mkdir -p /opt/sirocco/natives/pytorch/2.7.1-cu128-linux-x86_64 /tmp/bridge && cd /tmp/bridge \
 && jar xf /opt/sirocco/lib/pytorch-jni-2.7.1-0.35.1.jar jnilib/linux-x86_64/cu128/libdjl_torch.so \
 && mv jnilib/linux-x86_64/cu128/libdjl_torch.so \
      /opt/sirocco/natives/pytorch/2.7.1-cu128-linux-x86_64/0.35.1-libdjl_torch.so

FROM eclipse-temurin:17.0.13_11-jre-jammy AS jre

# libtorch for CUDA is on no Java repository: it is that of the Python package of the same version.
FROM pytorch/pytorch:2.7.1-cuda12.8-cudnn9-runtime
RUN groupadd --system --gid 10001 sirocco \
 && useradd --system --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin sirocco
COPY --from=jre /opt/java/openjdk /opt/java/openjdk
COPY --from=build /opt/sirocco /opt/sirocco

# The natives lie in one folder: a link to libtorch, and beside it what Java libraries would unpack.
ENV PATH="/opt/java/openjdk/bin:${PATH}" \
    ENGINE_CACHE_DIR=/opt/sirocco/natives \
    PYTORCH_LIBRARY_PATH=/opt/sirocco/natives/libtorch \
    PYTORCH_VERSION=2.7.1 \
    PYTORCH_FLAVOR=cu128 \
    DJL_OFFLINE=true \
    OPT_OUT_TRACKING=true \
    LC_ALL=C.UTF-8 \
    JDK_JAVA_OPTIONS="-XX:+UseSerialGC -Xmx1g"
RUN ln -s "$(python -c 'import pathlib, torch; print(pathlib.Path(torch.__file__).parent / "lib")')" \
      /opt/sirocco/natives/libtorch \
 && chmod -R a+rX,a-w /opt/sirocco

USER 10001:10001
WORKDIR /tmp

# No shell in between: signals reach the role, which drains.
ENTRYPOINT ["java", "-XX:-UsePerfData", "-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", \
  "-Dstderr.encoding=UTF-8", "-Dlog4j.shutdownHookEnabled=false", \
  "-Dsirocco.home=/opt/sirocco", "-Dsirocco.terminal=false", "-jar", "/opt/sirocco/sirocco.jar"]
CMD ["--help"]
