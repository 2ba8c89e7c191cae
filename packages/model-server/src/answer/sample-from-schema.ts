type Schema = Readonly<Record<string, unknown>>;

/** Optional properties deeper than this are left out, so that a recursive schema ends. */
const optionalDepthMax = 3;

const stringByFormat: Readonly<Record<string, string>> = {
  "date-time": "2026-01-15T09:30:00Z",
  date: "2026-01-15",
  time: "09:30:00Z",
  duration: "PT15M",
  email: "ada@example.com",
  hostname: "example.com",
  uri: "https://example.com/",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  uuid: "6f1c2a9e-7b1d-4c53-9a64-0d6f5f1b2c3d",
};

/** A made-up value that satisfies a JSON schema: the same one every time. `pattern` is not honoured. */
export function sampleFromSchema(schema: unknown): unknown {
  return sample(schema, { root: schema, name: "value", depth: 0 });
}

interface Position {
  readonly root: unknown;
  readonly name: string;
  readonly depth: number;
}

function sample(given: unknown, at: Position): unknown {
  const schema = asSchema(given);
  if (typeof schema.$ref === "string") {
    return sample(resolve(at.root, schema.$ref), { ...at, depth: at.depth + 1 });
  }
  if ("const" in schema) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if ("default" in schema) return schema.default;

  const variants = [schema.anyOf, schema.oneOf].find((list) => Array.isArray(list));
  if (variants !== undefined) {
    const ends = variants.find((variant) => asSchema(variant).type === "null");
    return sample(at.depth > optionalDepthMax && ends !== undefined ? ends : variants[0], at);
  }
  if (Array.isArray(schema.allOf)) {
    return sample(Object.assign({}, ...schema.allOf.map(asSchema), { ...schema, allOf: undefined }), at);
  }

  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case "array":
      return sampleArray(schema, at);
    case "string":
      return sampleString(schema, at.name);
    case "integer":
      return Math.ceil(sampleNumber(schema, 1));
    case "number":
      return sampleNumber(schema, 0.5);
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return sampleObject(schema, at);
  }
}

function sampleObject(schema: Schema, at: Position): Record<string, unknown> {
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const properties = asSchema(schema.properties);
  const names = Object.keys(properties).filter((name) => required.has(name) || at.depth < optionalDepthMax);
  return Object.fromEntries(
    names.map((name) => [name, sample(properties[name], { root: at.root, name, depth: at.depth + 1 })]),
  );
}

function sampleArray(schema: Schema, at: Position): unknown[] {
  const wanted = Math.max(numberOr(schema.minItems, 0), at.depth < optionalDepthMax ? 2 : 0);
  const length = Math.min(wanted, numberOr(schema.maxItems, wanted));
  return Array.from({ length }, (_, index) =>
    sample(schema.items ?? {}, { root: at.root, name: `${at.name} ${index + 1}`, depth: at.depth + 1 }),
  );
}

function sampleString(schema: Schema, name: string): string {
  const formatted = typeof schema.format === "string" ? stringByFormat[schema.format] : undefined;
  if (formatted !== undefined) return formatted;
  const minLength = numberOr(schema.minLength, 0);
  return `example ${name}`
    .padEnd(minLength, ".")
    .slice(0, numberOr(schema.maxLength, Number.MAX_SAFE_INTEGER));
}

function sampleNumber(schema: Schema, step: number): number {
  const multiple = numberOr(schema.multipleOf, step);
  const above =
    typeof schema.exclusiveMinimum === "number"
      ? schema.exclusiveMinimum + multiple
      : numberOr(schema.minimum, 1);
  const value = Math.ceil(above / multiple) * multiple;
  const below =
    typeof schema.exclusiveMaximum === "number"
      ? schema.exclusiveMaximum - multiple
      : numberOr(schema.maximum, value);
  return Math.min(value, Math.floor(below / multiple) * multiple);
}

function resolve(root: unknown, ref: string): unknown {
  if (!ref.startsWith("#")) return {};
  return ref
    .slice(1)
    .split("/")
    .filter((segment) => segment !== "")
    .reduce<unknown>((value, segment) => asSchema(value)[segment], root);
}

function asSchema(value: unknown): Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function numberOr(value: unknown, fallback: number): number {
  return typeof value === "number" ? value : fallback;
}
