import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";
import { layers, typesOnly } from "./layers.mjs";
import { repositoryRoot } from "./run-tool.mjs";

const scope = "@gantry/";

/**
 * Checks every import of a workspace package in `root`: it must point to a lower layer, be declared in the importing
 * package's manifest and go through a door of the imported one; a relative import must stay inside its package.
 *
 * Dependencies between manifests are held to the same layers, so that a forbidden import cannot be prepared either.
 *
 * @param {string} root
 * @returns {{ files: number, problems: string[] }} each problem as `file:line: sentence`
 */
export function checkImports(root) {
  const packages = readPackages(root);
  const problems = [...packages.values()].flatMap((importer) => checkManifest(importer, packages));
  let files = 0;
  for (const importer of packages.values()) {
    for (const file of sourceFiles(importer.folder)) {
      files += 1;
      const source = readFileSync(file, "utf8");
      for (const { specifier, isType, start } of importsOf(file, source)) {
        const problem = judge({ importer, packages, file, specifier, isType });
        const line = source.slice(0, start).split("\n").length;
        if (problem !== null) problems.push(`${relative(root, file)}:${line}: ${problem}`);
      }
    }
  }
  return { files, problems };
}

/** @returns {string | null} */
function judge({ importer, packages, file, specifier, isType }) {
  if (specifier.startsWith(".")) {
    const inside = resolve(dirname(file), specifier).startsWith(importer.folder + sep);
    return inside ? null : `${specifier} leaves the package; import it by its name`;
  }
  if (!specifier.startsWith(scope)) return null;
  const [name = "", ...rest] = specifier.slice(scope.length).split("/");
  const imported = packages.get(name);
  if (imported === undefined) return `${specifier} does not exist`;
  if (name === importer.name) return `${specifier} is the package itself; import the file`;
  const door = rest.length === 0 ? "." : `./${rest.join("/")}`;
  if (!imported.doors.includes(door)) return `${specifier} is not a door of ${scope}${name}`;
  if (!allows(importer.name, name, isType))
    return `${importer.name} may not import ${specifier}${note(importer.name, name)}`;
  if (importer.dependencies.has(name)) return null;
  if (importer.devDependencies.has(name) && (isType || isTestFile(importer.folder, file))) return null;
  return `${specifier} is not a dependency of ${scope}${importer.name}`;
}

function checkManifest(importer, packages) {
  const place = `${importer.kind}/${importer.name}/package.json:1`;
  if (layerOf(importer.name) === -1)
    return [`${place}: ${importer.name} has no layer; give it one in scripts/layers.mjs`];
  const forbidden = [...importer.dependencies].filter(
    (name) => packages.has(name) && !allows(importer.name, name, false),
  );
  return forbidden.map((name) => `${place}: ${importer.name} may not depend on ${scope}${name}`);
}

function allows(importer, imported, isType) {
  return layerOf(imported) < layerOf(importer) && (isType || !isTypesOnly(importer, imported));
}

function note(importer, imported) {
  return isTypesOnly(importer, imported) ? " at run time, only its types" : "";
}

function isTypesOnly(importer, imported) {
  const allowedAtRunTime = typesOnly[importer];
  return allowedAtRunTime !== undefined && !allowedAtRunTime.includes(imported);
}

function layerOf(name) {
  return layers.findIndex((layer) => layer.includes(name));
}

/** Tests, their helpers and the configuration of tools may use development dependencies. */
function isTestFile(folder, file) {
  const path = relative(folder, file).split(sep).join("/");
  return !path.startsWith("src/") || /(\.test\.tsx?$|(^|\/)testing(\.ts$|\/))/.test(path);
}

function importsOf(file, source) {
  const { module, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`);
  // Only `import type` vanishes: `import { type A } from` still loads the module at run time.
  const isType = (start) => /^(import|export)\s+type\b/.test(source.slice(start, start + 40));
  const imports = module.staticImports.map(({ moduleRequest, start }) => ({
    specifier: moduleRequest.value,
    isType: isType(start),
    start,
  }));
  const reexports = module.staticExports.flatMap(({ entries, start }) =>
    entries
      .filter((entry) => entry.moduleRequest !== null)
      .map((entry) => ({ specifier: entry.moduleRequest.value, isType: isType(start), start })),
  );
  const dynamic = module.dynamicImports.map(({ moduleRequest, start }) => ({
    specifier: source.slice(moduleRequest.start, moduleRequest.end).replace(/^["'`]|["'`]$/g, ""),
    isType: false,
    start,
  }));
  return [...imports, ...reexports, ...dynamic];
}

/** @param {string} root */
function readPackages(root) {
  const packages = new Map();
  for (const kind of ["packages", "apps"]) {
    for (const entry of readdirSync(join(root, kind), { withFileTypes: true })) {
      const folder = join(root, kind, entry.name);
      if (!existsSync(join(folder, "package.json"))) continue;
      const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const name = manifest.name.slice(scope.length);
      packages.set(name, {
        name,
        kind,
        folder,
        doors: Object.keys(manifest.exports ?? {}),
        dependencies: ownScope(manifest.dependencies),
        devDependencies: ownScope(manifest.devDependencies),
      });
    }
  }
  return packages;
}

function ownScope(dependencies = {}) {
  const names = Object.keys(dependencies).filter((name) => name.startsWith(scope));
  return new Set(names.map((name) => name.slice(scope.length)));
}

/** @param {string} folder @returns {string[]} */
function sourceFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (["node_modules", "dist", ".turbo"].includes(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return /\.[cm]?[jt]sx?$/.test(entry.name) ? [path] : [];
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { files, problems } = checkImports(repositoryRoot);
  for (const problem of problems) console.error(problem);
  console.log(`${files} files, ${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
