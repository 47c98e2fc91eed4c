import type { Channel } from '@omni-hub/channel-sdk';
import type { Capabilities } from '@omni-hub/contracts';
import { readFileSync } from 'node:fs';

/**
 * Call at the top level of a Jest spec: the channel's README has three tables (`content`, `ability`, `limit`), which tell its
 * capabilities as they are, in one column for each provider.
 */
export function describeReadme({ capabilities }: Pick<Channel, 'capabilities'>, file: string): void {
  describe('the README', () => {
    it.each(Object.entries(capabilityTables(capabilities)))(
      'tells the capabilities as they are: %s',
      (_, table) => expect(bare(readFileSync(file, 'utf8'))).toContain(table),
    );
  });
}

/** The tables, by their heading, without the blanks that align columns. */
export function capabilityTables(capabilities: Channel['capabilities']): Record<string, string> {
  const providers = Object.entries(capabilities);
  return {
    content: table('content', providers, ({ content }) => content),
    ability: table('ability', providers, ({ abilities }) => abilities),
    limit: table('limit', providers, ({ content: _content, abilities: _abilities, ...limits }) => limits),
  };
}

/** Markdown without the blanks that align the columns of its tables. */
export function bare(markdown: string): string {
  return markdown.replace(/ *\| */g, '|').replace(/-{3,}/g, '---');
}

function table(
  heading: string,
  providers: [string, Capabilities][],
  rowsOf: (capabilities: Capabilities) => object,
): string {
  const columns = providers.map(([, capabilities]) => new Map(Object.entries(rowsOf(capabilities))));
  const names = [...new Set(columns.flatMap((column) => [...column.keys()]))];
  return [
    row([heading, ...providers.map(([provider]) => provider)]),
    row(['---', ...providers.map(() => '---')]),
    ...names.map((name) => row([name, ...columns.map((column) => word(column.get(name)))])),
    '',
  ].join('\n');
}

function row(cells: string[]): string {
  return `|${cells.join('|')}|`;
}

function word(value: unknown): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Array.isArray(value) ? value.join(', ') || 'none' : String(value);
}
