"use strict";
// The same resources as `bench/program.py`, without Python:
// `node program.cjs STACKS FOLDER MODEL modules|package`.
// MODEL is the synthesized JSON of the first stack; the others repeat it under their own names.

const fs = require("node:fs");
const { App, TerraformStack } = require("cdktf");
const { Construct } = require("constructs");

// Their keys are the user's words, not Terraform's.
const MAPS = new Set(["tags"]);

const stackName = (number) => `service-${String(number).padStart(4, "0")}`;
const words = (text) => text.split(/[_-]/);
const capital = (word) => word[0].toUpperCase() + word.slice(1);
const camel = (text) => words(text).map((word, i) => (i ? capital(word) : word)).join("");
const pascal = (text) => words(text).map(capital).join("");

// Both ways to import a class in TypeScript: from its own module, or from the package.
const load = {
  modules: (name) => require(`@cdktf/provider-aws/lib/${name.replaceAll("_", "-")}`),
  package: (name) => require("@cdktf/provider-aws")[camel(name)],
}[process.argv[5]];

const classOf = (name, className = pascal(name)) => load(name)[className];

function properties(value) {
  if (Array.isArray(value)) return value.map(properties);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [camel(key), MAPS.has(key) ? inner : properties(inner)]),
  );
}

// References to other elements are objects in the API and strings in the JSON.
function config({ "//": _, depends_on: dependsOn, provider, ...attributes }) {
  return {
    ...properties(attributes),
    ...(dependsOn && { dependsOn: dependsOn.map((fqn) => ({ fqn })) }),
    ...(provider && { provider: { fqn: provider } }),
  };
}

function scopeOf(stack, names) {
  return names.reduce((scope, id) => scope.node.tryFindChild(id) ?? new Construct(scope, id), stack);
}

function addElement(stack, name, body) {
  const { metadata, ...notes } = body["//"];
  const [, ...path] = metadata.path.split("/");
  const id = path.pop();
  const element = new (classOf(name))(scopeOf(stack, path), id, config(body));
  for (const [key, note] of Object.entries(notes)) element.addOverride(`//.${key}`, note);
}

function addElements(stack, blocks, prefix) {
  for (const [type, bodies] of Object.entries(blocks)) {
    const name = type.replace(/^aws_/, prefix);
    for (const body of Object.values(bodies)) addElement(stack, name, body);
  }
}

function fill(stack, model) {
  const AwsProvider = classOf("provider", "AwsProvider");
  model.provider.aws.forEach((body, i) => new AwsProvider(stack, `aws-${i}`, properties(body)));
  addElements(stack, model.data ?? {}, "data_aws_");
  addElements(stack, model.resource, "");
}

function main([count, outdir, file]) {
  const model = fs.readFileSync(file, "utf8");
  const app = new App({ outdir });
  for (let number = 0; number < Number(count); number++) {
    const name = stackName(number);
    fill(new TerraformStack(app, name), JSON.parse(model.replaceAll(stackName(0), name)));
  }
  app.synth();
}

main(process.argv.slice(2));
