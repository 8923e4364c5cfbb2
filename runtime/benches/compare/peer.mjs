// Runs one generated machine with aws-local-stepfunctions for a second, and prints one line of JSON:
//   node peer.mjs FOLDER SHAPE
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

// The package uses this function of Node.js 22.
Promise.withResolvers ??= () => {
  let resolve, reject;
  const promise = new Promise((a, b) => ([resolve, reject] = [a, b]));
  return { promise, resolve, reject };
};

const [folder, shape] = process.argv.slice(2);
const { StateMachine } = createRequire(`${folder}/`)("aws-local-stepfunctions");
const definition = JSON.parse(readFileSync(`${folder}/${shape}.asl.json`, "utf8"));
const input = JSON.parse(readFileSync(`${folder}/event.json`, "utf8"));
if (shape === "map") input.items = Array.from({ length: 10_000 }, (_, v) => ({ v }));
const machine = new StateMachine(definition, { checkPaths: false, checkArn: false, noValidate: true });
const tasks = Object.fromEntries(
  Object.keys(definition.States).map((name) => [name, ({ data }) => ({ id: data?.id, text: `${data?.status}!` })]),
);
const begin = performance.now();
let runs = 0;
while (performance.now() - begin < 1000) {
  await machine.run(input, { overrides: { taskResourceLocalHandlers: tasks } }).result;
  runs += 1;
}
const seconds = (performance.now() - begin) / 1000;
console.log(JSON.stringify({ perSecond: runs / seconds, mebibytes: process.resourceUsage().maxRSS / 1024 }));
