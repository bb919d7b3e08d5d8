"use strict";
// Runs inside jsii's Node (see `node_calls.py`): many calls of Python in one round trip.
//
// Each round trip costs about 0.7 ms of CPU, most of what synthesis takes. Here a list of calls
// comes as one JSON text, with the objects that it speaks of beside it.

const { Construct } = require("constructs");

// An object of Python's list by its number, or a child of one by its id.
const placed = (objects, place) =>
  Array.isArray(place) ? objects[place[0]].node.findChild(place[1]) : objects[place];

// What JSON has no word for is under the empty key, which no argument and no tag has.
const spoken = {
  element: (objects, place) => placed(objects, place),
  attribute: (objects, place, name) => {
    const element = placed(objects, place);
    return `\${${element.terraformResourceType}.${element.friendlyUniqueId}.${name}}`;
  },
};

function decoded(value, objects) {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((each) => decoded(each, objects));
  if ("" in value) {
    const [word, ...rest] = value[""];
    return spoken[word](objects, ...rest);
  }
  for (const key of Object.keys(value)) value[key] = decoded(value[key], objects);
  return value;
}

function classOf(type) {
  const [name, ...path] = type.split(".");
  return path.reduce((scope, part) => scope[part], require(name));
}

// The answers of a validator, kept while Node answers one request of Python: jsii reads each
// request in a turn of the event loop of its own.
const answers = new Map();

function messagesOf(validator) {
  if (!answers.has(validator)) {
    setImmediate(() => answers.clear());
    answers.set(validator, validator.validate().map((text) => JSON.parse(text)));
  }
  return answers.get(validator);
}

const calls = {
  make(objects, type, scope, id, config) {
    const args = [placed(objects, scope), ...(id === null ? [] : [id]), decoded(config, objects)];
    new (classOf(type))(...args);
  },
  set(objects, place, property, value) {
    placed(objects, place)[property] = value;
  },
  override(objects, place, path, value) {
    placed(objects, place).addOverride(path, value);
  },
  take(objects, place, id, provider) {
    placed(objects, place).importFrom(id, provider === null ? undefined : objects[provider]);
  },
  note(objects, place, key, value) {
    placed(objects, place).node.addMetadata(key, value);
  },
  check(objects, place, validator, number) {
    const asked = objects[validator];
    const validate = () =>
      messagesOf(asked)
        .filter(([of]) => of === number)
        .map(([, message]) => message);
    placed(objects, place).node.addValidation({ validate });
  },
};

function run(text, objects) {
  for (const [name, ...rest] of JSON.parse(text)) calls[name](objects, ...rest);
}

/** A construct; before it is made, what Python has asked for meanwhile. */
class Part extends Construct {
  constructor(scope, id, text, objects) {
    run(text, objects);
    super(scope, id);
  }
}

class Calls {
  static run(text, objects) {
    run(text, objects);
  }

  /** The app of a stack; region and accounts of its AWS provider as JSON, null if unknown. */
  static look(stack, providerType) {
    const Provider = classOf(providerType);
    const found = stack.node.children.find(
      (child) => child instanceof Provider && child.alias === undefined,
    );
    const region = found?.regionInput;
    const accounts = found?.allowedAccountIdsInput ?? [];
    // What is no plain text is for Python to ask, which reads it as it reads every property.
    const isPlain = found && [region ?? "", ...accounts].every((text) => typeof text === "string");
    return [stack.node.root, JSON.stringify(isPlain ? [region ?? null, accounts] : null)];
  }
}

module.exports = { Calls, Part };
