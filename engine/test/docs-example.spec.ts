import { readFileSync } from 'node:fs';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('docs/process-tests.md', () => {
  it('shows the example as it runs', () => {
    expect(read('docs/process-tests.md')).toContain(
      `\`\`\`ts\n${read('examples/vip-upgrade/process.spec.ts')}\`\`\`\n`,
    );
  });
});
