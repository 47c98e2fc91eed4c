import { formatFiles, type Tree } from '@nx/devkit';
import { join } from 'node:path';
import { editText, refuseToOverwrite } from '../../workspace/files';
import { insertLast, insertSorted } from '../../workspace/insert';
import { insertBefore, insertBehind } from '../../workspace/marks';
import { namesOf, type Names } from '../../workspace/names';
import { addTemplates } from '../../workspace/templates';

export interface AgentOptions {
  kind: string;
}

const agents = 'apps/hub/src/agents';
const simulators = 'tools/simulator/src/agent';

/** `nx generate agent <kind>`: a kind of agent that an instance can name, with its fake in the simulator. */
export default async function agent(tree: Tree, { kind }: AgentOptions): Promise<void> {
  const names = namesOf(kind, 'kind of an agent');
  refuseToOverwrite(tree, [`${agents}/${names.kebab}.agent.ts`, `${simulators}/${names.kebab}-protocol.ts`]);
  addTemplates(tree, join(__dirname, 'files/hub'), agents, names);
  addTemplates(tree, join(__dirname, 'files/simulator'), simulators, names);
  registerInHub(tree, names);
  registerInSuite(tree, names);
  registerInSimulator(tree, names);
  describeInGuide(tree, names);
  await formatFiles(tree);
}

function registerInHub(tree: Tree, { kebab, pascal }: Names): void {
  const configClass = `${pascal}AgentConfig`;
  editText(tree, `${agents}/agent.models.ts`, (text) =>
    insertBehind(
      insertBefore(
        text,
        `export class ${configClass} extends KeyedAgentConfig {\n  @IsIn(['${kebab}']) kind: '${kebab}';\n}\n\n`,
        'export type AgentConfig =',
      ),
      `\n  | ${configClass}`,
      'export type AgentConfig =',
    ),
  );
  editText(tree, `${agents}/agents.ts`, (text) => {
    const imported = insertSorted(
      insertSorted(text, `  ${configClass},`, /^ {2}\w+AgentConfig,$/),
      `import { ${pascal}Agent } from './${kebab}.agent';`,
      /^import \{ \w+Agent \} from '\.\//,
    );
    const known = insertLast(imported, `    '${kebab}': ${configClass},`, /^ {4}['\w-]+: \w+AgentConfig,$/);
    return insertBehind(
      known,
      `\n      case '${kebab}':\n        return new ${pascal}Agent({ ...agent, timeoutMs });`,
      'switch (agent.kind) {',
    );
  });
}

function registerInSuite(tree: Tree, { kebab }: Names): void {
  editText(tree, `${agents}/agents.spec.ts`, (text) =>
    insertLast(
      text,
      `  '${kebab}': (base) => ({ kind: '${kebab}', url: base, apiKey: secret }),`,
      /^ {2}('[^']+'|\w+): \(base\) => \(\{ kind: .*\}\),$/,
    ),
  );
}

function registerInSimulator(tree: Tree, { kebab, camel }: Names): void {
  editText(tree, `${simulators}/protocol.ts`, (text) =>
    insertBehind(text, ` '${kebab}' |`, 'export type AgentProtocolName ='),
  );
  editText(tree, `${simulators}/agent-simulator.ts`, (text) =>
    insertBefore(
      insertSorted(
        text,
        `import { ${camel}Protocol } from './${kebab}-protocol';`,
        /^import \{ \w+ \} from '\.\//,
      ),
      `  if (path === '/${kebab}/ask') return ${camel}Protocol;\n`,
      '  return httpProtocol;\n}',
    ),
  );
}

function describeInGuide(tree: Tree, { kebab }: Names): void {
  editText(tree, 'docs/guides/agents.md', (text) =>
    insertBefore(
      insertLast(
        text,
        `| [\`${kebab}\`](#${kebab}) | \`POST {url}/${kebab}/ask\` | whole | by \`session\` |`,
        /^\| \[`[a-z0-9-]+`\]\(#/,
      ),
      section(kebab),
      '\n## History\n',
    ),
  );
}

const section = (kebab: string) => `
## ${kebab}

An agent behind \`POST {url}/${kebab}/ask\`, which takes \`{ "session", "text" }\` and answers \`{ "text" }\`, or
\`{ "error" }\` where it failed. It keeps the conversation under \`session\`. \`apiKey\` is sent as \`Authorization: Bearer\`.

\`\`\`json
{ "kind": "${kebab}", "url": "http://127.0.0.1:9100" }
\`\`\`
`;
