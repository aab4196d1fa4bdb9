#!/usr/bin/env python3
"""Sirocco and llama.cpp on the same random weights, turn about in one run.

Each round gives the median of its repetitions; printed are the medians of all rounds, their ratio,
and the conditions. Only the ratios of one run mean anything: nothing else should run, and the same
machine gives other figures at other times. Everything that is made or fetched stays in $BENCH_HOME
(default: ~/.cache/sirocco-bench). Needs gcc, npm, numpy and what deploy/sirocco needs.
"""
import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
LAUNCHER = HERE.parents[1] / "deploy" / "sirocco"
TOKENIZER = HERE.parents[1].joinpath(
    "worker", "src", "test", "resources", "golden", "tiny-mistral-vocab32k-bf16")
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json")
PACKAGE = "@node-llama-cpp/linux-x64"
VERSION = "3.22.1"
LIBRARIES = ("libllama.v0.5.0.so", "libggml.v0.5.0.so", "libggml-base.so")
PEER = {"bf16": "BF16", "f32": "F32", "w8a8": "Q8_0", "int4": "Q4_0"}
QUANTISED = {"Q8_0": 7, "Q4_0": 2}  # llama.cpp's numbers of file types.
BANDWIDTH_MIB = 1024


def options():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=("S", "M"), default="S")
    parser.add_argument("--precision", choices=PEER, default="bf16")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--repetitions", type=int, default=3, help="in each round")
    parser.add_argument("--batch", default="1,4,16")
    parser.add_argument("--prompt", default="512")
    parser.add_argument("--setup", action="store_true", help="only make and fetch what is needed")
    return parser.parse_args()


class Workshop:
    """What the comparison needs, made or fetched when it is first asked for."""

    def __init__(self, home):
        self.home = home
        self.libraries = (
            home / "npm" / "node_modules" / PACKAGE / "bins" / PACKAGE.split("/")[1])

    def peer(self, name="llama_bench"):
        if not self.libraries.is_dir():
            say(f"fetching {PACKAGE} {VERSION} ...")
            run("npm", "install", "--silent", "--ignore-scripts", "--prefix", self.home / "npm",
                f"{PACKAGE}@{VERSION}")
        folder = self.libraries
        return self.tool(name, "-O2", "-L", folder, f"-Wl,-rpath,{folder}",
                         f"-Wl,-rpath-link,{folder}", *(f"-l:{name}" for name in LIBRARIES))

    def bandwidth(self):
        return self.tool("bandwidth", "-O3", "-march=native", "-lpthread")

    def tool(self, name, *flags):
        source, built = HERE / f"{name}.c", self.home / name
        if not built.exists() or built.stat().st_mtime < source.stat().st_mtime:
            run("gcc", "-o", built, source, *flags)
        return built

    def checkpoint(self, size, precision):
        """Sirocco quantises while it loads, llama.cpp's own tool beforehand: from the same numbers."""
        stored = precision if precision == "f32" else "bf16"
        folder = self.home / "models" / size / stored
        self.made(folder, lambda part: checkpoint().write_checkpoint(size, stored, part))
        for name in TOKENIZER_FILES:  # For the benchmarks that measure whole workers.
            if not (folder / name).exists():
                shutil.copy(TOKENIZER / name, folder)
        return folder

    def gguf(self, size, precision):
        path = self.home / "gguf" / f"{size}-{PEER[precision]}.gguf"
        if PEER[precision] in QUANTISED:
            return self.made(path, lambda part: run(
                self.peer("llama_quantize"), self.libraries, self.gguf(size, "f32"), part,
                QUANTISED[PEER[precision]]))
        folder = self.checkpoint(size, precision)
        return self.made(
            path, lambda part: checkpoint().write_gguf(folder, PEER[precision], part))

    @staticmethod
    def made(path, make):
        """Makes it beside its place first, so that what an interruption leaves is not taken."""
        if not path.exists():
            say(f"making {path} ...")
            part = path.with_name(path.name + ".part")
            shutil.rmtree(part, ignore_errors=True)
            make(part)
            part.rename(path)
        return path


def checkpoint():
    import checkpoint as module  # Needs numpy, which a machine that has all files can do without.

    return module


def say(line):
    print(line, file=sys.stderr, flush=True)


def run(*command):
    """Runs a command, and returns what it printed."""
    words = [str(word) for word in command]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"compare: {words[0]} failed with exit code {done.returncode}")
    return done.stdout


def busy_seconds():
    """Of all processes and of all processors, idle time and waiting aside."""
    user, nice, system, _, _, interrupt, soft, stolen = map(
        int, Path("/proc/stat").read_text().split("\n")[0].split()[1:9])
    return (user + nice + system + interrupt + soft + stolen) / os.sysconf("SC_CLK_TCK")


def children_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class ForeignTime:
    """How busy others kept the machine."""

    def __enter__(self):
        self.begun = time.monotonic(), busy_seconds(), children_seconds()
        return self

    def __exit__(self, *fault):
        begun, busy, children = self.begun
        wall = (time.monotonic() - begun) * os.cpu_count()
        foreign = busy_seconds() - busy - (children_seconds() - children)
        self.percent = max(0.0, 100 * foreign / wall)


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return "unknown processor"


def measure(arguments, workshop):
    model = workshop.checkpoint(arguments.size, arguments.precision)
    gguf = workshop.gguf(arguments.size, arguments.precision)
    peer, bandwidth = workshop.peer(), workshop.bandwidth()
    run(LAUNCHER, "--version")  # Builds what is stale before anything is timed.
    if arguments.setup:
        sys.exit()
    theirs, ours, gigabytes = {}, {}, []
    with ForeignTime() as foreign:
        for number in range(arguments.rounds):
            say(f"round {number + 1} of {arguments.rounds}")
            gigabytes.append(float(run(bandwidth, arguments.threads, BANDWIDTH_MIB, 9)))
            add(theirs, json.loads(run(
                peer, workshop.libraries, gguf, arguments.threads, arguments.repetitions,
                arguments.batch, arguments.prompt)))
            add(ours, json.loads(run(
                LAUNCHER, "bench", "engine", "--json", "--model", model,
                "--precision", arguments.precision, "--threads", arguments.threads,
                "--repetitions", arguments.repetitions,
                "--batch", arguments.batch, "--prompt", arguments.prompt)))
    return theirs, ours, gigabytes, foreign.percent


def add(rates, round_):
    """Adds the median of each of a round's figures; ours come as such, theirs as all repetitions."""
    for kind in ("decode", "prefill"):
        for size, found in round_[kind].items():
            median = found["median"] if isinstance(found, dict) else statistics.median(found)
            rates.setdefault((kind, size), []).append(median)


def report(arguments, theirs, ours, gigabytes, foreign):
    print(f"{'tokens/s':16}{'llama.cpp':>11}{'sirocco':>11}{'ratio':>8}   ratios of the rounds")
    for cell in theirs:
        label = f"{cell[0]} {'b=' if cell[0] == 'decode' else ''}{cell[1]}"
        them, us = statistics.median(theirs[cell]), statistics.median(ours[cell])
        rounds = sorted(our / their for our, their in zip(ours[cell], theirs[cell]))
        print(f"{label:16}{them:11.1f}{us:11.1f}{us / them:8.2f}"
              f"   {rounds[0]:.2f} to {rounds[-1]:.2f}")
    print(f"\nsize {arguments.size}, {arguments.precision} against {PEER[arguments.precision]}, "
          f"{arguments.threads} threads, {arguments.rounds} rounds of {arguments.repetitions} "
          f"repetitions; {processor()}, {os.cpu_count()} processors; memory bandwidth "
          f"{statistics.median(gigabytes):.1f} GB/s ({min(gigabytes):.1f} to "
          f"{max(gigabytes):.1f}); others kept {foreign:.1f} % of the processors busy")


def main():
    arguments = options()
    if min(arguments.threads, arguments.rounds, arguments.repetitions) < 1:
        sys.exit("compare: expected --threads, --rounds and --repetitions of 1 or more")
    home = Path(os.environ.get("BENCH_HOME", Path.home() / ".cache" / "sirocco-bench"))
    home.mkdir(parents=True, exist_ok=True)
    report(arguments, *measure(arguments, Workshop(home)))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
