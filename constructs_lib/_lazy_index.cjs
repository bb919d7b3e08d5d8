"use strict";
// Runs inside jsii's Node, before the provider package is loaded there (see `_jsii_node.py`).
//
// The provider's `lib/index.js` requires each of its 2,212 modules at once: three seconds and
// 400 MB for code that is never used. Here those lines become getters, so that a module is loaded
// when jsii first looks one of its classes up. A file that looks different stays as it is.

const Module = require("node:module");

const INDEX = /[\\/]@cdkt[fn][\\/]provider-aws[\\/]lib[\\/]index\.js$/;
// A later compiler writes `__importStar`, which changes nothing of a module with `__esModule`.
const EAGER =
  /^exports\.(\w+) = (require\("\.\/[\w-]+"\)|__importStar\(require\("\.\/[\w-]+\/index"\)\));$/gm;
// What else the TypeScript compiler writes there. Any other code may rely on the loaded modules.
const FRAME = [
  /^"use strict";$/m,
  /^Object\.defineProperty\(exports, "__esModule", \{ value: true \}\);$/m,
  /^(exports\.\w+ = )+void 0;$/gm,
  /^var __(?:createBinding|setModuleDefault|importStar) = \(this && this\.[\s\S]*?^(?:\}\)\);|\};|\}\)\(\);)$/gm,
  /\/\*[\s\S]*?\*\//,
  /^\/\/.*$/gm,
];

function isAsExpected(source) {
  return [EAGER, ...FRAME].reduce((rest, part) => rest.replace(part, ""), source).trim() === "";
}

function withGetters(source) {
  return source.replace(
    EAGER,
    'Object.defineProperty(exports, "$1", { enumerable: true, get: () => $2 });',
  );
}

const compile = Module.prototype._compile;

function compileLazily(source, filename, ...rest) {
  if (!INDEX.test(filename)) return compile.call(this, source, filename, ...rest);
  Module.prototype._compile = compile; // there is one such file: leave Node as it was
  const text = isAsExpected(source) ? withGetters(source) : source;
  return compile.call(this, text, filename, ...rest);
}

if (typeof compile === "function") Module.prototype._compile = compileLazily;
