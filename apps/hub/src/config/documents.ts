import { environmentName, HubConfig } from './hub.config';
import { Setting } from './setting';

/** The defaults as an operator reads them; null where there is none. */
function defaultOf(field: string): string | null {
  const value = (new HubConfig() as unknown as Record<string, unknown>)[field];
  if (value === undefined) return null;
  return Array.isArray(value) ? value.join(',') : String(value);
}

const settings = () =>
  Object.entries(Setting.of(HubConfig)).map(([field, facts]) => ({
    ...facts,
    name: environmentName(field),
    fallback: defaultOf(field),
  }));

/** The table of docs/guides/configuration.md. */
export function settingsTable(): string {
  const rows = settings().map(
    ({ name, what, fallback, example }) =>
      `| \`${name}\` | ${what} | ${fallback === null ? '' : `\`${fallback}\``} | \`${example}\` |`,
  );
  return ['| variable | what it does | default | example |', '|---|---|---|---|', ...rows].join('\n');
}

/** The whole of `.env.example`. */
export function environmentExample(): string {
  const entries = settings().map(
    ({ name, what, fallback, example }) => `# ${what}\n# ${name}=${fallback ?? example}\n`,
  );
  return `# Every setting of the hub, with its default or an example. Copy to .env and uncomment what you change.\n\n${entries.join('\n')}`;
}
