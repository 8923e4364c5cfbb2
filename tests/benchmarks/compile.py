#!/usr/bin/env python3
"""How long `zisc check`, `build` and `fmt` take, and how that grows with the work.

    cargo build --release && tests/benchmarks/compile.py

Each command runs on programs of 1,000 and 10,000 statements, as many flows (`flows`) and as one (`mixed`), as whole
processes, in turns with the others. Printed are medians, the peak of memory, and the exponent of the growth: 1 is
linear. Where jrsonnet is installed, it runs on a program that makes JSON of as many states.
"""

import argparse
import math
import os
import random
import shutil
import statistics
import subprocess
import tempfile
import time

HEAD = """integration bench

connection slack: bearer_token

action slack.post(channel: string, text: string) -> { ok: bool } {
  POST "https://slack.com/api/chat.postMessage"
  connection slack
  headers { "Content-Type": "application/json" }
  body { channel, text }
}

"""


def flow(name, statements):
    """A flow of so many statements: calls, branches, jq, values, computed values."""
    lines = [f"flow {name}(event) {{", "  let ticket = event.ticket_event.ticket"]
    for n in range(statements):
        lines.append(
            [
                f'  let reply_{n} = slack.post(channel: "#ops", text: "ticket ${{ticket.id}} is ${{ticket.status}}")',
                f'  if ticket.priority == "urgent" && ticket.status != "closed" {{ let note_{n} = {{ id: {n} }} }}',
                f"  let tags_{n} = jq(ticket)`.tags | map(select(length > 2)) | join(\",\")`",
                f'  let fixed_{n} = {{ id: ticket.id, step: {n}, text: "step {n}" }}',
                f"  let words_{n} = {{ count: length(ticket.tags) + {n} }}",
            ][n % 5]
        )
    return "\n".join(lines + ["}", ""])


def program(shape, statements):
    flows = [(f"flow_{n}", 10) for n in range(statements // 10)] if shape == "flows" else [("flow_0", statements)]
    jobs = "".join(f"job on_{name}: support.ticket.CommentAdded -> {name}\n" for name, _ in flows)
    return HEAD + jobs + "\n" + "\n".join(flow(name, length) for name, length in flows)


def jsonnet(states):
    """The counterpart: a function for each sort of state, called for each."""
    head = (
        "local call(n) = { Type: 'Action', ActionName: 'zis:bench:action:slack.post', "
        "Parameters: { channel: '#ops', n: n }, ResultPath: '$.reply_' + n, Next: 'S' + (n + 1) };\n"
        "local pass(n) = { Type: 'Pass', Result: { step: n }, ResultPath: '$.fixed_' + n, Next: 'S' + (n + 1) };\n"
    )
    members = ",\n".join(f"  S{n}: {'call' if n % 2 else 'pass'}({n})" for n in range(states))
    return head + "{\n" + members + "\n}\n"


def run(command):
    """Seconds of one run, and the peak of memory in MiB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--zisc", default="target/release/zisc", help="the program to measure")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10000])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        commands = {}
        for size in arguments.sizes:
            for shape in ["flows", "mixed"]:
                path = os.path.join(folder, f"{shape}-{size}.zis")
                with open(path, "w", encoding="utf-8") as file:
                    file.write(program(shape, size))
                for verb in [["check"], ["build"], ["fmt", "--check"]]:
                    commands[(verb[0], shape, size)] = [arguments.zisc, *verb, path]
            if shutil.which("jrsonnet"):
                path = os.path.join(folder, f"{size}.jsonnet")
                with open(path, "w", encoding="utf-8") as file:
                    file.write(jsonnet(size))
                commands[("jrsonnet", "", size)] = ["jrsonnet", path]
        times = {key: [] for key in commands}
        memory = {}
        for _ in range(arguments.rounds):
            order = list(commands)
            random.shuffle(order)
            for key in order:
                seconds, peak = run(commands[key])
                times[key].append(seconds)
                memory[key] = max(memory.get(key, 0), peak)
        print(f"{'command':10} {'shape':6} {'size':>6} {'median':>10} {'fastest':>10} {'memory':>9} {'exponent':>9}")
        for key in commands:
            verb, shape, size = key
            median = statistics.median(times[key])
            smaller = (verb, shape, arguments.sizes[0])
            growth = ""
            if size != arguments.sizes[0]:
                ratio = median / statistics.median(times[smaller])
                growth = f"{math.log(ratio) / math.log(size / arguments.sizes[0]):.2f}"
            fastest = min(times[key])
            print(f"{verb:10} {shape:6} {size:6} {median * 1000:7.1f} ms {fastest * 1000:7.1f} ms {memory[key]:5.0f} MiB {growth:>9}")


if __name__ == "__main__":
    main()
