#!/usr/bin/env python3
"""How long `zisc check`, `build` and `fmt` take, how that grows with the work, and how it compares.

    cargo build --release && tests/benchmarks/compile.py

Each command runs on programs of 1,000 and 10,000 statements, as many flows (`flows`) and as one (`mixed`), as whole
processes, in turns with the others. Printed are medians of the processor's time, which other work on the machine
disturbs less than the clock; the peak of memory, where less than this script's own does not show; and the exponent of
the growth: 1 is linear.

Where jrsonnet is installed (`cargo install jrsonnet --version 0.5.0-pre98 --locked`), it is compared with: a flow is
made as bundle JSON; jrsonnet prints it from its counterpart in jsonnet, and `zisc build` builds what `zisc decompile`
makes of it (`states`). Both run right after one another in each round; the ratio is the median over the rounds.
"""

import argparse
import json
import math
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile

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
    """A program of many flows, or of one."""
    flows = [(f"flow_{n}", 10) for n in range(statements // 10)] if shape == "flows" else [("flow_0", statements)]
    jobs = "".join(f"job on_{name}: support.ticket.CommentAdded -> {name}\n" for name, _ in flows)
    return HEAD + jobs + "\n" + "\n".join(flow(name, length) for name, length in flows)


def state(n, last):
    """A state of a flow: a value, a Choice, jq, a call with a Catch, a value with paths, in turns."""
    following = "Done" if n == last else f"S{n + 1:05}"
    ticket = "$.input.ticket_event.ticket"
    before = f"$.r{n - 1}"
    place = {"ResultPath": f"$.r{n}", "Next": following}
    sort = n % 5
    if sort == 0:
        return {"Type": "Pass", "Result": {"step": n, "tag": f"t{n * 37 % 1000}"}, **place}
    if sort == 1:
        solved = {"Variable": f"{ticket}.status", "StringEquals": "solved", "Next": following}
        late = {"Variable": f"{ticket}.id", "NumericGreaterThan": n * 991, "Next": following}
        last_step = {"Variable": f"{before}.step", "NumericEquals": n - 1}
        not_urgent = {"Not": {"Variable": f"{ticket}.priority", "StringEquals": "urgent"}}
        both = {"And": [last_step, not_urgent], "Next": following}
        return {"Type": "Choice", "Choices": [solved, late, both], "Default": following}
    if sort == 2:
        program = f".ticket_event.ticket | {{id, priority, n: {n}}}"
        parameters = {"expr": program, "data.$": "$.input"}
        return {"Type": "Action", "ActionName": "zis:common:transform:Jq", "Parameters": parameters, **place}
    if sort == 3:
        parameters = {"id.$": f"{before}.id", "text.$": f"{ticket}.status", "n": n}
        catch = [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Failed"}]
        called = f"zis:bench:action:call_{n % 7}"
        return {"Type": "Action", "ActionName": called, "Parameters": parameters, "Catch": catch, **place}
    return {"Type": "Pass", "Result": {"a.$": f"{ticket}.id", "b": f"v{n * 53 % 1000}"}, **place}


def states(count):
    found = {f"S{n:05}": state(n, count - 1) for n in range(count)}
    end = {"Type": "Succeed"}, {"Type": "Fail", "Error": "Bench", "Cause": "an action failed"}
    return {**found, "Done": end[0], "Failed": end[1]}


def bundle(count):
    """Bundle JSON with one flow of so many states."""
    machine = {"StartAt": "S00000", "States": states(count)}
    resources = {"flow_0": {"type": "ZIS::Flow", "properties": {"name": "flow_0", "definition": machine}}}
    for n in range(7):
        name = f"call_{n}"
        definition = {
            "method": "POST",
            "url": f"https://api.example.com/{name}",
            "headers": [{"key": "Content-Type", "value": "application/json"}],
            "requestBody": {"id.$": "$.id", "text.$": "$.text", "n.$": "$.n"},
        }
        resources[name] = {"type": "ZIS::Action::Http", "properties": {"name": name, "definition": definition}}
    job = {
        "name": "on_flow_0",
        "event_source": "support",
        "event_type": "ticket.TicketCreated",
        "flow_name": "zis:bench:flow:flow_0",
    }
    resources["on_flow_0"] = {"type": "ZIS::JobSpec", "properties": job}
    return {"zis_template_version": "2019-10-14", "name": "bench", "resources": resources}


def jsonnet(count):
    """The counterpart of such a flow."""
    members = "".join(f"  {json.dumps(name)}: {json.dumps(value)},\n" for name, value in states(count).items())
    return f"local states = {{\n{members}}};\n{{ StartAt: 'S00000', States: states }}\n"


def run(command):
    """Seconds of the processor in one run, and the peak of memory in MiB."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"failed: {' '.join(command)}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def commands_of(arguments, folder):
    """All commands to measure, by what they do, the shape of the program and its size."""
    commands = {}
    for size in arguments.sizes:
        for shape in ["flows", "mixed"]:
            path = write(folder, f"{shape}-{size}.zis", program(shape, size))
            subprocess.run([arguments.zisc, "fmt", path], check=True, capture_output=True)
            for verb in [["check"], ["build"], ["fmt", "--check"]]:
                commands[(verb[0], shape, size)] = [arguments.zisc, *verb, path]
        if arguments.jrsonnet:
            given = write(folder, f"states-{size}.json", json.dumps(bundle(size), indent=2))
            source = os.path.join(folder, f"states-{size}.zis")
            subprocess.run([arguments.zisc, "decompile", given, "-o", source], check=True, capture_output=True)
            commands[("build", "states", size)] = [arguments.zisc, "build", source]
            path = write(folder, f"states-{size}.jsonnet", jsonnet(size))
            commands[("jrsonnet", "states", size)] = [arguments.jrsonnet, path]
    return commands


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--zisc", default="target/release/zisc", help="the program to measure")
    parser.add_argument("--jrsonnet", default=shutil.which("jrsonnet"), help="the program to compare with")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10000])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        commands = commands_of(arguments, folder)
        times = {key: [] for key in commands}
        memory = dict.fromkeys(commands, 0)
        for _ in range(arguments.rounds):
            # What is compared stays together, so that both see the same machine.
            groups = {}
            for key in commands:
                groups.setdefault(key[1:], []).append(key)
            order = list(groups.values())
            random.shuffle(order)
            for key in [key for group in order for key in random.sample(group, len(group))]:
                seconds, peak = run(commands[key])
                times[key].append(seconds)
                memory[key] = max(memory[key], peak)
    print(f"{'command':10} {'shape':6} {'size':>6} {'median':>10} {'fastest':>10} {'memory':>9} {'exponent':>9}")
    for key in commands:
        verb, shape, size = key
        median = statistics.median(times[key])
        smaller = (verb, shape, arguments.sizes[0])
        growth = ""
        if size != arguments.sizes[0]:
            ratio = median / statistics.median(times[smaller])
            growth = f"{math.log(ratio) / math.log(size / arguments.sizes[0]):.2f}"
        fastest = f"{min(times[key]) * 1000:7.1f} ms"
        print(f"{verb:10} {shape:6} {size:6} {median * 1000:7.1f} ms {fastest} {memory[key]:5.0f} MiB {growth:>9}")
    if not arguments.jrsonnet:
        print("jrsonnet is not installed, so nothing was compared")
        return
    for size in arguments.sizes:
        rounds = zip(times[("build", "states", size)], times[("jrsonnet", "states", size)])
        ratio = statistics.median(ours / theirs for ours, theirs in rounds)
        print(f"build of {size} states takes {ratio:.2f} times as long as jrsonnet")


if __name__ == "__main__":
    main()
