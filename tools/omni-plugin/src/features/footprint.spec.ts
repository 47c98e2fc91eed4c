import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { diskWorkspace } from '../doctor/disk';
import { memoryWorkspace } from '../doctor/workspace';
import { workspaceRoot } from '../workspace/spec-tree';
import { featureTypes } from './document';
import { codeOf, conformanceOf, footprintOf } from './footprint';
import { similarTo } from './similar';

const workspace = diskWorkspace(workspaceRoot);
const shipped = {
  channel: 'telegram',
  service: 'speech-synthesizer',
  endpoint: 'chats',
  agent: 'hive',
} as const;

describe.each(featureTypes)('a feature of type %s', (type) => {
  const footprint = footprintOf({ feature: shipped[type], type });

  it('is found where things of its kind are', () => {
    expect(codeOf(workspace, footprint).length).toBeGreaterThan(0);
    for (const path of footprint.pattern)
      expect(workspace.files.filter((file) => file.startsWith(path)).length).toBeGreaterThan(1);
    for (const { config } of footprint.runs) expect(existsSync(join(workspaceRoot, config))).toBe(true);
    for (const config of footprint.typescript) expect(existsSync(join(workspaceRoot, config))).toBe(true);
  });

  it('has others that are like it, itself left out', () => {
    const wanted = { feature: shipped[type], type, auth: 'token', transport: null };
    const similar = similarTo(workspace, wanted);
    expect(similar.length).toBeGreaterThan(0);
    expect(similar.map(({ name }) => name)).not.toContain(shipped[type]);
    for (const { file } of similar) expect(workspace.has(file)).toBe(true);
    const points = similar.map((one) => one.points);
    expect(points).toEqual([...points].sort((one, other) => other - one));
  });
});

describe('how far a channel keeps the rules', () => {
  const of = (spec: string) =>
    conformanceOf(
      memoryWorkspace({
        'libs/channels/line/src/line.conformance.spec.ts': spec,
        'libs/channels/line/src/handler/line.handler.ts': '',
      }),
      { feature: 'line', type: 'channel' },
    );

  it('is read from its spec', () => {
    expect(of('describeChannelConformance({ channel });')).toEqual({ tier: 'complete', exempt: [] });
    expect(of("describeChannelConformance({ tier: 'required', channel });")?.tier).toBe('required');
    expect(of('')?.tier).toBe('required');
    const exempting =
      "describeChannelConformance({\n  exempt: {\n    'IN-8': 'It asks {nothing}',\n  },\n});";
    expect(of(exempting)).toEqual({ tier: 'complete', exempt: ['IN-8'] });
  });

  it('is known of every channel that ships, and of nothing else', () => {
    expect(conformanceOf(workspace, { feature: 'whatsapp', type: 'channel' })?.tier).toBe('complete');
    expect(conformanceOf(workspace, { feature: 'hive', type: 'agent' })).toBeNull();
  });
});
