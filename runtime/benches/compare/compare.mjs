// Runs this runtime and its peers in turn, several rounds, and prints the median of each and what they are to one
// another:  node compare.mjs FOLDER GENERATED ZISC BARE JAQ
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const ROUNDS = 3;
const PROCESSES = 30;
const [folder, generated, zisc, bare, jaq] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const programs = `${here}/programs.txt`;
const event = `${folder}/event.json`;

const lines = (program, ...args) =>
  execFileSync(program, args, { encoding: "utf8" }).trim().split("\n").map((line) => JSON.parse(line));
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const shown = (number) => (number >= 100 ? Math.round(number).toLocaleString("en") : number.toPrecision(3));
const times = (count, measure) => Array.from({ length: count }, measure);

// A peer and we, one after the other in each round; the ratio is the median of the ratios of the rounds.
function compare(what, unit, wanted, count, peer, ours, ratio) {
  const rounds = times(count, () => [peer(), ours()]);
  const [theirs, own] = [0, 1].map((side) => median(rounds.map((round) => round[side])));
  const factor = median(rounds.map(([theirs, own]) => ratio(theirs, own)));
  const columns = [what.padEnd(34), `${shown(own)} ${unit}`.padStart(18), `${shown(theirs)} ${unit}`.padStart(18)];
  console.log(`${columns.join("")}${shown(factor).padStart(9)} x   ${wanted}`);
}
const faster = (theirs, own) => own / theirs;
const share = (theirs, own) => own / theirs;

console.log(`${"".padEnd(34)}${"here".padStart(18)}${"peer".padStart(18)}`);
console.log("aws-local-stepfunctions");
const peer = (shape) => lines("node", `${here}/peer.mjs`, folder, shape)[0];
const own = (shape) => lines(generated, folder, shape)[0];
for (const [shape, what, wanted] of [
  ["branch", "Pass and Choice, flows", "at least 10, aim 50"],
  ["flow5", "five states, flows", "at least 5, aim 15"],
  ["map", "Map of 10,000 items, flows", "at least 10"],
  ["chain", "Pass, flows", ""],
]) {
  compare(`  ${what}`, "/s", wanted, ROUNDS, () => peer(shape).perSecond, () => own(shape).perSecond, faster);
}
compare("  Map of 10,000 items, memory", "MiB", "at most 0.5", ROUNDS, () => peer("map").mebibytes, () => own("map").mebibytes, share);

console.log("the bare engine of jq, each program compiled once");
const rounds = times(ROUNDS, () => [lines(bare, event, programs), lines(generated, folder, "jq", programs)]);
readFileSync(programs, "utf8").trim().split("\n").forEach((program, position) => {
  const queue = rounds.map((round) => round.map((side) => side[position].seconds * 1e6));
  const [theirs, own] = [queue.map(([theirs]) => theirs), queue.map(([, own]) => own)];
  const what = `  ${program.replace(".input.ticket_event.ticket", "…")}`.slice(0, 33);
  compare(what, "µs", "at most 2, aim 1.2", ROUNDS, () => theirs.shift(), () => own.shift(), share);
});

console.log("jaq, the whole process");
const milliseconds = (program, ...args) => {
  const begin = performance.now();
  const { status, stderr } = spawnSync(program, args);
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
  return performance.now() - begin;
};
compare(
  "  zisc run of five states", "ms", "at most 3, aim 1.5", PROCESSES,
  () => milliseconds(jaq, ".input.ticket_event.ticket | {id, status, priority}", event),
  () => milliseconds(zisc, "run", `${folder}/flow5.zis.json`, "--event", event),
  share,
);
