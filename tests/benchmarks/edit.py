#!/usr/bin/env python3
"""How long the language server takes from an edit to the right diagnostics, and how that grows with the file.

    cargo build --release && tests/benchmarks/edit.py

A client opens a program of many flows and edits one line at a time: it puts a mistake in, waits until the diagnostics
show one more, takes it out and waits until they show one less. Completion is asked right behind a typed letter. At the
end it sends a burst of edits, 5 ms apart, and then many edits to see whether the memory grows. Printed are medians and
the 99th percentile in ms, the exponent of the growth (1 is linear), and MiB. `--peer ruff='ruff server'` runs a server
for Python on a program of as many functions, in turns with ours.
"""

import argparse
import json
import math
import os
import queue
import random
import re
import shlex
import statistics
import subprocess
import threading
import time

from compile import program

PATIENCE = 60


class Server:
    """A language server and the one file that is open in it."""

    def __init__(self, command, language, text):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.messages, self.id, self.version = queue.Queue(), 0, 1
        self.uri, self.lines = f"file:///bench/main.{language}", text.split("\n")
        threading.Thread(target=self.read, daemon=True).start()
        self.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
        self.tell("initialized", {})
        document = {"uri": self.uri, "languageId": language, "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})
        self.at_rest = self.diagnostics()

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def tell(self, method, params):
        self.send({"method": method, "params": params})

    def read(self):
        out = self.process.stdout
        while header := out.readline():
            length = int(header.split(b":")[1]) if header.lower().startswith(b"content-length") else 0
            while header.strip():
                header = out.readline()
                if header.lower().startswith(b"content-length"):
                    length = int(header.split(b":")[1])
            body = out.read(length)
            self.messages.put((time.perf_counter(), body))

    def ask(self, method, params):
        self.id += 1
        start = time.perf_counter()
        self.send({"id": self.id, "method": method, "params": params})
        while True:
            came, body = self.messages.get(timeout=PATIENCE)
            message = json.loads(body)
            if message.get("id") == self.id and "method" not in message:
                return (came - start) * 1e3, message.get("result")
            self.answer(message)

    def answer(self, message):
        """What the server asks is answered with nothing."""
        if "id" in message and "method" in message:
            params = message["params"]
            nothing = [None] * len(params["items"]) if "configuration" in message["method"] else None
            self.send({"id": message["id"], "result": nothing})

    def edit(self, line, column, gone, come):
        old = self.lines[line]
        self.lines[line] = old[:column] + come + old[column + gone :]
        return self.change((line, column), (line, column + gone), come)

    def come_and_go(self, line, column, text):
        """Some lines are written, and taken back."""
        end = text.split("\n")
        self.change((line, column), (line, column), text)
        self.diagnostics()
        self.change((line, column), (line + len(end) - 1, len(end[-1])), "")
        self.diagnostics()

    def change(self, start, end, text):
        self.version += 1
        place = lambda at: {"line": at[0], "character": at[1]}
        change = {"range": {"start": place(start), "end": place(end)}, "text": text}
        document = {"uri": self.uri, "version": self.version}
        start = time.perf_counter()
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
        return start

    def diagnostics(self, wanted=None):
        """How many there are in the newest version; with `wanted`, when there were that many."""
        while True:
            came, body = self.messages.get(timeout=PATIENCE)
            if b"publishDiagnostics" not in body:
                self.answer(json.loads(body))
                continue
            params = json.loads(body)["params"]
            count = len(params["diagnostics"])
            if wanted is None:
                return count
            if params.get("version", self.version) == self.version and wanted(count):
                return came

    def memory(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024

    def leave(self):
        self.process.kill()


class Subject:
    """What is measured: a server, a text, where to edit it and how."""

    def __init__(self, name, command, language, text, where, mistake, letters):
        self.name, self.server = name, Server(command, language, text)
        self.where, self.mistake, self.letters = re.compile(where), mistake, letters
        self.places = [at for at, line in enumerate(self.server.lines) if self.where.search(line)]
        self.times = {"break": [], "mend": [], "complete": []}
        self.random = random.Random(1)

    def place(self):
        line = self.random.choice(self.places)
        return line, self.where.search(self.server.lines[line]).end()

    def round(self):
        server, (line, column) = self.server, self.place()
        start = server.edit(line, column, 0, self.mistake)
        self.times["break"].append((server.diagnostics(lambda count: count > server.at_rest) - start) * 1e3)
        start = server.edit(line, column, len(self.mistake), "")
        self.times["mend"].append((server.diagnostics(lambda count: count == server.at_rest) - start) * 1e3)
        if self.letters:
            server.edit(line, column, 0, self.letters)
            took, _ = server.ask(
                "textDocument/completion",
                {
                    "textDocument": {"uri": server.uri},
                    "position": {"line": line, "character": column + len(self.letters)},
                },
            )
            self.times["complete"].append(took)
            server.edit(line, column, len(self.letters), "")
            server.diagnostics(lambda count: count == server.at_rest)

    def burst(self, edits=1_000):
        """From the last of many edits to the diagnostics of all."""
        server, (line, column) = self.server, self.place()
        for _ in range(edits // 2):
            server.edit(line, column, 0, self.mistake)
            time.sleep(0.005)
            start = server.edit(line, column, len(self.mistake), "")
            time.sleep(0.005)
        start = server.edit(line, column, 0, self.mistake)
        took = (server.diagnostics(lambda count: count > server.at_rest) - start) * 1e3
        server.edit(line, column, len(self.mistake), "")
        server.diagnostics(lambda count: count == server.at_rest)
        return took

    def growth(self, edits):
        """By how many percent the memory grows after the first tenth of the edits: mistakes, and flows that come and go."""
        before = None
        for number in range(edits // 2):
            if number == edits // 20:
                before = self.server.memory()
            line, column = self.place()
            if number % 2:
                self.server.come_and_go(line, column, f"\n}}\nflow new{number}(event) {{\n")
                continue
            self.server.edit(line, column, 0, self.mistake)
            self.server.diagnostics(lambda count: count > self.server.at_rest)
            self.server.edit(line, column, len(self.mistake), "")
            self.server.diagnostics(lambda count: count == self.server.at_rest)
        return 100 * (self.server.memory() / before - 1)


def counterpart(functions):
    record = "@dataclass\nclass R{0}:\n    step: int\n    tag: str\n\ndef s{0}(x: R{0}) -> R{0}:\n    return R{0}(step={0}, tag=x.tag)\n\n"
    return "from dataclasses import dataclass\n\n" + "".join(record.format(n) for n in range(functions))


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--zisc", default=os.path.join(here, "../../target/release/zisc"))
    parser.add_argument("--peer", action="append", default=[], help="NAME=COMMAND of a server for Python")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--edits", type=int, default=60)
    parser.add_argument("--memory", type=int, default=10_000, help="so many edits to see whether the memory grows")
    arguments = parser.parse_args()
    medians = {}
    for size in arguments.sizes:
        own = Subject(
            "zisc", [arguments.zisc, "lsp"], "zis", program("flows", size), r"^  let ticket = ", "nope.", "ev"
        )
        subjects = [own]
        for peer in arguments.peer:
            name, command = peer.split("=", 1)
            subjects.append(Subject(name, shlex.split(command), "py", counterpart(size), r"^    step: int$", " = (", ""))
        for _ in range(arguments.edits):
            for subject in subjects:
                subject.round()
        for subject in subjects:
            for what, times in subject.times.items():
                if times:
                    median = statistics.median(times)
                    medians.setdefault((subject.name, what), []).append(median)
                    print(f"{size:>6} {subject.name:>6} {what:>8}: {median:8.2f} ms, p99 {percentile(times, .99):8.2f}")
            print(f"{size:>6} {subject.name:>6}   memory: {subject.server.memory():8.1f} MiB")
        print(f"{size:>6}   zisc    burst: {own.burst():8.2f} ms after the last of 1,000 edits")
        if size == arguments.sizes[0] and arguments.memory:
            print(f"{size:>6}   zisc   growth: {own.growth(arguments.memory):8.1f} % over {arguments.memory} edits")
        for subject in subjects:
            subject.server.leave()
    if len(arguments.sizes) > 1:
        span = math.log(arguments.sizes[-1] / arguments.sizes[0])
        for (name, what), values in medians.items():
            print(f"growth {name:>6} {what:>8}: exponent {math.log(values[-1] / values[0]) / span:.2f}")


if __name__ == "__main__":
    main()
