/**
 * Module hooks that make of this version the one after it: it adds to the schema, stores what this version cannot read, sends inputs and notices that it
 * does not know, and runs an element that it does not have. Installed by next-version.js. A place that is not found any more fails the start.
 */
const changes = {
  'runner/stored-format.ts': [['storedFormat = 1', 'storedFormat = 2']],
  'database/migrate.ts': [
    [
      'const migrations = [',
      `const migrations = [
        class NextVersion {
          name = 'NextVersion0000000009999';
          async up(runner) {
            await runner.query('ALTER TABLE instance ADD COLUMN next_version text');
            await runner.query('CREATE TABLE next_version (id int)');
          }
          async down() {}
        },`,
    ],
  ],
  'src/state-json.ts': [
    [
      'export function stateToJson(state) {',
      'export function stateToJson(state) { return `{"next":${thisStateToJson(state)}}`; }\nfunction thisStateToJson(state) {',
    ],
    [
      'export function stateFromJson(stored) {',
      'export function stateFromJson(stored) { stored = stored.next ?? stored;',
    ],
  ],
  'runner/correlation.ts': [["kind: 'message',", "kind: 'message-of-next-version',"]],
  'runner/command.ts': [['const inputKinds = {', "const inputKinds = { 'message-of-next-version': true,"]],
  'runner/batch.ts': [
    [
      'const input = {',
      "if (payload.input.kind === 'message-of-next-version') payload = { ...payload, input: { ...payload.input, kind: 'message' } };\nconst input = {",
    ],
  ],
  'runner/channel.ts': [['JSON.stringify(notice)', 'JSON.stringify({ ...notice, nextVersion: [1] })']],
  'compile/compile.ts': [
    [
      'export async function compile(xml,',
      "export async function compile(xml, ...more) { return await thisCompile(xml.replaceAll('nextTask', 'task'), ...more); }\nasync function thisCompile(xml,",
    ],
  ],
};

export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context);
  const [file] = Object.keys(changes).filter((name) => url.endsWith(`/${name}`));
  if (file === undefined || url.includes('node_modules')) return loaded;
  let source = loaded.source.toString();
  for (const [find, replace] of changes[file]) {
    if (!source.includes(find))
      throw new Error(
        `The next version has no place any more: "${find}" is not in ${url}. Correct next-version-hooks.js.`,
      );
    source = source.replace(find, () => replace);
  }
  return { ...loaded, source };
}
