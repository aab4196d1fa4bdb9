#!/bin/sh
# Runs the role that this file is named after. --help says what it takes.
#
#   JAVA_HOME          the Java to use, 17 or later; otherwise the first one on the PATH
#   SIROCCO_JAVA_OPTS  further options for the JVM, such as -Xmx4g
set -eu

self=$(readlink -f "$0")
root=${self%/bin/*}
role=${self##*/sirocco-}

export DJL_OFFLINE="${DJL_OFFLINE:-true}" OPT_OUT_TRACKING="${OPT_OUT_TRACKING:-true}"

# The weights live outside the heap.
# shellcheck disable=SC2086 # The options are words.
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xshare:auto -XX:+UseSerialGC -Xmx1g -XX:-UsePerfData \
  -Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 \
  -Dlog4j.shutdownHookEnabled=false -Dsirocco.home="$root" -Dsirocco.terminal=false \
  ${SIROCCO_JAVA_OPTS:-} -jar "$root/sirocco.jar" "$role" "$@"
