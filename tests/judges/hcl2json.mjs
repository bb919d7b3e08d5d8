// Reads files of HCL as the authors of CDKTF do: {name: source} in, {name: JSON} out.
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
const require = createRequire(import.meta.url);
const { parse } = require("@cdktf/hcl2json");
const found = {};
for (const [name, source] of Object.entries(JSON.parse(await text(process.stdin)))) {
  found[name] = await parse(`${name}.tf`, source);
}
process.stdout.write(JSON.stringify(found));
