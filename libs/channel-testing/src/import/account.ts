import type { Account } from '@omni-hub/channel-sdk';

/** The recorded account's stand-ins replaced by the account that the library's fixtures are about. */
export function withAccount<T>(fixture: T, recorded: Account | null, wanted: Account | undefined): T {
  if (!recorded || !wanted) return fixture;
  const replacements = [
    [recorded.id, wanted.id],
    [recorded.username, wanted.username],
    [recorded.name, wanted.name],
    ...(recorded.aliases ?? []).map((alias, index) => [
      bare(alias),
      bare(wanted.aliases?.[index] ?? wanted.id),
    ]),
  ].filter((pair): pair is [string, string] => Boolean(pair[0] && pair[1] && !pair[0].includes('{{')));
  return replaced(fixture, replacements) as T;
}

function replaced(value: unknown, replacements: readonly [string, string][]): unknown {
  if (typeof value === 'string')
    return replacements.reduce((text, [from, to]) => text.replace(whole(from), () => to), value);
  if (typeof value === 'number') {
    const [, to = null] = replacements.find(([from]) => from === String(value)) ?? [];
    return to !== null && Number.isSafeInteger(Number(to)) ? Number(to) : value;
  }
  if (Array.isArray(value)) return value.map((item) => replaced(item, replacements));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, replaced(inner, replacements)]),
  );
}

/** Where it stands for itself, not within a longer word. */
function whole(word: string): RegExp {
  return new RegExp(
    `(?<![\\p{L}\\p{N}])${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\p{L}\\p{N}])`,
    'gu',
  );
}

/** `lid:14100…` without the channel's own word for it. */
function bare(alias: string): string {
  return alias.slice(alias.lastIndexOf(':') + 1);
}
