import { bare, capabilityTables } from './readme';
import { sampleCapabilities } from './sample/sample.models';

describe('the tables of a README', () => {
  const tables = capabilityTables({
    plain: sampleCapabilities,
    fine: { ...sampleCapabilities, captions: ['image', 'video'], acknowledgesWithinMs: 1_000 },
  });

  it('have a column for each provider', () => {
    expect(tables.content).toMatch(
      /^\|content\|plain\|fine\|\n\|---\|---\|---\|\n\|text\|native\|native\|\n/,
    );
    expect(tables.ability).toContain('\n|listen|yes|yes|\n|typing|yes|yes|\n|markRead|no|no|\n');
  });

  it('tell every limit in words', () => {
    expect(tables.limit).toContain('\n|captions|none|image, video|\n');
    expect(tables.limit).toContain('\n|acknowledgesWithinMs|none|1000|\n');
    expect(Object.keys(sampleCapabilities).length).toBe(tables.limit.trim().split('\n').length);
  });

  it('are found however their columns are aligned', () => {
    expect(bare('| limit    |     |\n| -------- | --- |\n| captions | none |\n')).toBe(
      '|limit||\n|---|---|\n|captions|none|\n',
    );
  });
});
