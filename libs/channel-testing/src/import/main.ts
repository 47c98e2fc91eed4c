import 'reflect-metadata';
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadContext } from '../context';
import { conformanceOptionsOf } from '../describe';
import type { ConformanceOptions } from '../options';
import { checkRule, requiredRules } from '../rules/rules';
import { importRecordings, type Imported } from './import-recordings';

const usage = `npm run fixtures:import <folder> [-- --into <libraries>]
  <folder>           what OMNI_RECORD_FIXTURES named
  --into <folder>    where the channels' libraries are; libs/channels unless told`;

interface Way {
  /** `telegram`, or `whatsapp/cloud`. */
  name: string;
  spec: string;
  /** Relative to the library. */
  fixtures: string;
}

/** 0 when everything was imported or refused and the kit keeps its required rules; 1 when it does not; 2 for a wrong call. */
async function main(root: string, given: readonly string[]): Promise<number> {
  const [folder, option, into = join(root, 'libs/channels'), ...more] = given;
  if (!folder || more.length > 0 || (option !== undefined && option !== '--into') || !existsSync(folder)) {
    process.stderr.write(`${folder && !existsSync(folder) ? `${folder} is not there\n` : ''}${usage}\n`);
    return 2;
  }
  let sound = true;
  for (const way of waysIn(root, resolve(folder))) {
    const options = optionsOf(way, resolve(into));
    const imported = await importRecordings(join(folder, way.name), options);
    process.stdout.write(`${report(way, imported)}\n`);
    const broken = imported.some(({ to }) => to !== null) ? await brokenRules(options) : [];
    process.stdout.write(broken.map((message) => `  BROKEN ${message}\n`).join(''));
    sound &&= broken.length === 0;
  }
  process.stdout.write(
    '\nThen `npm run doctor -- --fix` lists the new cases in the inventory of their channel.\n',
  );
  return sound ? 0 : 1;
}

/** The ways to a platform that were recorded and that this workspace has a conformance spec for. */
function waysIn(root: string, folder: string): Way[] {
  return readdirSync(folder).flatMap((channel) => {
    const specs = join(root, 'libs/channels', channel, 'src');
    if (!existsSync(specs)) {
      process.stderr.write(`${channel}: there is no such channel in libs/channels\n`);
      return [];
    }
    const whole = {
      name: channel,
      spec: join(specs, `${channel}.conformance.spec.ts`),
      fixtures: 'fixtures',
    };
    const providers = readdirSync(join(folder, channel)).map((provider) => ({
      name: `${channel}/${provider}`,
      spec: join(specs, `${channel}.${provider}.conformance.spec.ts`),
      fixtures: `fixtures/${provider}`,
    }));
    return [whole, ...providers].filter(({ spec }) => existsSync(spec));
  });
}

/** What the channel's own spec tells the kit, for a copy of its fixtures where another folder is asked for. */
function optionsOf({ name, spec, fixtures }: Way, into: string): ConformanceOptions {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const [options] = conformanceOptionsOf(() => void require(spec));
  const [channel] = name.split('/');
  const target = join(into, channel, fixtures);
  if (!existsSync(target)) cpSync(options.fixtures, target, { recursive: true });
  return { ...options, fixtures: target };
}

async function brokenRules(options: ConformanceOptions): Promise<string[]> {
  const context = loadContext(options);
  const broken: string[] = [];
  for (const rule of requiredRules.filter(({ id }) => !options.exempt?.[id]))
    await checkRule(rule, context).catch((error: Error) => broken.push(error.message));
  return broken;
}

function report({ name }: Way, imported: readonly Imported[]): string {
  const written = imported.filter(({ to }) => to !== null);
  const lines = imported.flatMap(({ from, to, notes }) =>
    to === null
      ? [`  left out ${from}: ${notes.join('; ')}`]
      : [`  wrote ${to} of ${from}`, ...notes.map((note) => `    to check: ${note}`)],
  );
  return [`${name}: ${written.length} written, ${imported.length - written.length} left out`, ...lines].join(
    '\n',
  );
}

void main(process.cwd(), process.argv.slice(2)).then((code) => (process.exitCode = code));
